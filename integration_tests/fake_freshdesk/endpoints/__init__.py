"""What an endpoint is: what it is asked, what it answers, what it leaves open."""
