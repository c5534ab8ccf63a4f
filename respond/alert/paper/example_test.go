package paper_test

import (
	"fmt"

	"github.com/trucewatch/truce/respond/alert/paper"
)

// What a telephone reads from a form leads back to the alert and proves who held the form.
func Example() {
	f := form("en")
	scan, err := paper.ReadScan(paper.Scan{Alert: f.Alert.ID, Code: f.Code, Short: "tier T1 entered"}.Text())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(scan.Alert == f.Alert.ID, scan.Short)
	fmt.Println(paper.Check([]byte(key), scan.Alert, "fa-duty", scan.Code))
	fmt.Println(paper.Check([]byte(key), scan.Alert, "ne-duty", scan.Code))
	// Output:
	// true tier T1 entered
	// true
	// false
}
