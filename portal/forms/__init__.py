"""What people fill in, by the page they fill it in on."""
