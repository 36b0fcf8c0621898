"""How gunicorn serves HTTP in the container. More of it: `docker compose up --scale web=3`."""

bind = "0.0.0.0:8000"
# Threads wait for the database, processes share the cores: see docs/deployment.md.
worker_class = "gthread"
workers = 2
# Downloads take half of them at most: see clients/site/downloads.py.
threads = 8
# Of a worker that hangs; a long export does not, its process goes on answering.
timeout = 60
graceful_timeout = 30
# A disk that is busy must not make a worker look dead.
worker_tmp_dir = "/dev/shm"  # noqa: S108  # memory, not a disk; the files are private
# nginx writes the access log.
accesslog = None
# Its control socket would want a home folder to write to.
control_socket_disable = True
