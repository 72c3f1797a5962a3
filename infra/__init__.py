"""How the service is packaged, deployed and run on a desk."""
