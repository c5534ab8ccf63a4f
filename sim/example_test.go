package sim_test

import (
	"fmt"

	"github.com/trucewatch/truce/sim"
)

// The default exercise: what happened, how much of it was recorded, and how much of
// that by two independent families.
func Example() {
	world, err := sim.New(sim.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(world.Truth().Notice)
	for _, c := range world.Truth().Counts {
		if c.Happened >= 5 {
			fmt.Printf("%s: %d, recorded %d, by two families %d\n", c.Act, c.Happened, c.Recorded, c.Corroborated)
		}
	}
	fmt.Println(len(world.Files()), "files")
	// Output:
	// EXERCISE. The island, its people and everything said to happen there are invented.
	// indirect_fire: 27, recorded 27, by two families 24
	// direct_fire: 8, recorded 8, by two families 7
	// fpv_uav: 5, recorded 5, by two families 3
	// recon_uav: 7, recorded 5, by two families 3
	// 53 files
}
