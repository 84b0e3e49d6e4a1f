# syntax=docker/dockerfile:1
# One service with its migrations in its own folder and `./migrate` beside them, as images of home-made runners have it:
#   docker exec -it discovery-svc /bin/sh, then ./migrate -action=status
# Build shell.Dockerfile as skein:shell first, then, in the folder that holds the service:
#   docker build -f deploy/docker/service.Dockerfile --build-arg SERVICE=discovery-svc -t discovery-svc examples/link
FROM skein:shell
ARG SERVICE
WORKDIR /app/${SERVICE}
COPY ${SERVICE}/migrations ./migrations
USER 0:0
RUN ln -s /opt/skein/node_modules/.bin/migrate migrate
USER 10001:10001
# Wait, migrate, become the program: DB_HOST ... DB_SSLMODE name the database. Your program goes into CMD.
ENTRYPOINT ["/bin/sh", "-c", "skein wait && ./migrate -action=up && exec \"$@\"", "--"]
CMD ["./migrate", "-action=status"]
