package dial_test

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce/internal/dial"
)

// An address that somebody named is not public: it is refused before a byte leaves.
func Example() {
	d, err := dial.New(dial.Config{Allow: []string{"relay.internal:25"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = d.DialContext(context.Background(), "tcp", "169.254.169.254:80")
	fmt.Println(err)
	fmt.Println(dial.Refused(err))
	// Output:
	// dial 169.254.169.254:80: refused: 169.254.169.254 is link-local, where clouds keep their metadata
	// true
}
