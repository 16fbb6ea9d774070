"""From values to what templates show: words, links, badges, drawings. No queries, no decisions left for the templates."""
