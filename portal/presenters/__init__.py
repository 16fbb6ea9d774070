"""From values to what templates show: words, links, badges, drawings. Rows come through the Scope of a view; templates decide nothing."""
