print "Python 2"
key = os.environ["OLD_KEY"] # reads: OLD_KEY!
port = os.getenv("OLD_PORT", "80") # reads: OLD_PORT=80
"""os.environ['NOT_HERE']"""
