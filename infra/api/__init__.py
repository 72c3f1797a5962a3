"""What the description of the API says beyond what the code says of itself: shapes, examples, a row for each route."""
