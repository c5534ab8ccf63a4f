package atom_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert/atom"
)

// A feed with one alert.
func Example() {
	c := config()
	c.Base = ""
	text, err := atom.Write(c, []truce.Alert{made(1, fa)}, noon.Add(time.Hour))
	if err != nil {
		fmt.Println(err)
		return
	}
	head, _, _ := strings.Cut(string(text), "  <author>")
	fmt.Print(head)
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
	//   <id>https://desk.example.org/alerts.atom</id>
	//   <title>Alerts</title>
	//   <updated>2026-04-12T12:01:00Z</updated>
}
