package polite_test

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce/internal/polite"
)

// A getter names whom to ask about it, and refuses what is not on the public internet.
func Example() {
	g, err := polite.New(polite.Config{Contact: "https://watch.example/bot", Version: "1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer g.Close()
	fmt.Println(g.Agent())
	_, err = g.Get(context.Background(), polite.Request{URL: "http://169.254.169.254/latest/meta-data/"})
	fmt.Println(polite.ReasonOf(err))
	// Output:
	// Truce/1 (ceasefire monitoring; +https://watch.example/bot)
	// refused
}
