// Prints what golang-migrate itself makes of names: names.json was made by it.
//
//	mkdir /tmp/names && cp parse-names.go /tmp/names/main.go && cd /tmp/names
//	go mod init names && go get github.com/golang-migrate/migrate/v4@v4.19.1 && go run . > names.json
package main

import (
	"encoding/json"
	"os"
	"strconv"

	"github.com/golang-migrate/migrate/v4/source"
)

var names = []string{
	"0_initial.up.sql", "1_a.up.sql", "01_b.down.sql", "000001_create_users.up.sql", "20240101120000_add_x.down.sql",
	"000004_x.sql.up.sql", "1_a.up.tmpl", "1_a.up.sql.bak", "1_a.up.sql~", "000001_init.up.sql.example", "1_.up.sql", "1_a.up.", "1_a.up",
	"1_a.up.down.sql", "1_a.down.up.sql", "1_up.up.sql", "1_a.UP.sql", "1_a.Up.sql", "1_a.up.SQL", "1-a.up.sql", "1_a.sql", "V1__a.sql", "1__a.up.sql",
	"9223372036854775807_max.up.sql", "9223372036854775808_over.up.sql", "18446744073709551615_most.up.sql", "18446744073709551616_too.up.sql",
	"000000000000000000000000000001_long.up.sql", "1_with space.up.sql", "1_dots.in.title.down.sql", "1_dash-ed.up.sql", "1_ünï.up.sql",
	"1_line\nfeed.up.sql", "1_carriage\rreturn.up.sql", "1_separator\u2028.up.sql", "1_x.up.sql\n", "_a.up.sql", "a_1.up.sql", ".1_a.up.sql", " 1_a.up.sql",
	"+1_a.up.sql", "-1_a.up.sql", "1_a_up.sql", "1_a..up..sql", "1_.up.up.sql", "1_a.up.sql.down.sql", "\u0661_a.up.sql", "1_a.up.sql ", "README.md", "",
}

type row struct {
	Name      string `json:"name"`
	Version   string `json:"version,omitempty"`
	Title     string `json:"title,omitempty"`
	Direction string `json:"direction,omitempty"`
}

func main() {
	rows := []row{}
	for _, name := range names {
		m, err := source.DefaultParse(name)
		if err != nil {
			rows = append(rows, row{Name: name})
			continue
		}
		rows = append(rows, row{name, strconv.FormatUint(uint64(m.Version), 10), m.Identifier, string(m.Direction)})
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(rows); err != nil {
		panic(err)
	}
}
