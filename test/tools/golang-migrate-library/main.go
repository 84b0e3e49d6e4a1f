// golang-migrate as services embed it: a library on a connection of theirs, which locks under another key than the command.
//
//	library FOLDER URL up|version
package main

import (
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/database/postgres"
	_ "github.com/golang-migrate/migrate/v4/source/file"
)

func main() {
	db, err := sql.Open("postgres", os.Args[2])
	must(err)
	driver, err := postgres.WithInstance(db, &postgres.Config{})
	must(err)
	it, err := migrate.NewWithDatabaseInstance("file://"+os.Args[1], "postgres", driver)
	must(err)
	if os.Args[3] == "up" {
		err = it.Up()
	}
	if !errors.Is(err, migrate.ErrNoChange) {
		must(err)
	}
	version, dirty, err := it.Version()
	if !errors.Is(err, migrate.ErrNilVersion) {
		must(err)
	}
	fmt.Println(version, dirty)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
