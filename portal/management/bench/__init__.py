"""What the measurements of the API need: made-up trials, and a site with one empty view more."""
