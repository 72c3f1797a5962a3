"""The function that makes photos fit to be shown. It is deployed by itself: no other holds a picture library."""
