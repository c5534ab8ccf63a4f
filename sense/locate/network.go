package locate

import (
	"math"
	"slices"
	"sync/atomic"

	"github.com/trucewatch/truce/geo"
)

// network is the sensors in a plane around their middle, where a distance is a hypotenuse.
// Within 150 km of the middle the plane is true to 1e-4.
type network struct {
	plane   geo.Plane
	kept    []bool    // of all sensors
	x, y, z []float64 // m east, north, up; 0 of those that are left out
	turn    []float64 // of true north at a sensor from that of the plane, radians
	spacing float64   // median distance from a sensor to its nearest neighbour, m
	extent  float64   // from the middle to the farthest sensor, m

	// A raster of square bins, each with its sensors, and as many cells again for the
	// lists of what is near.
	west, south, side float64
	nx, ny            int
	binStart          []int32
	binned            []int32
}

// newNetwork is the sensors that have arrivals in a medium and the silent ones that might
// have heard what those did. All others are left out: far away or deaf to the medium, they can
// tell nothing, and change nothing.
func newNetwork(sensors []Sensor, active [2][]bool, medium Medium) *network {
	n := placed(sensors, slices.Clone(active[medium]))
	if lone := n.lone(medium); len(lone) > 0 {
		for _, i := range lone {
			n.kept[i] = false
		}
		n = placed(sensors, n.kept)
	}
	kept := slices.Clone(n.kept)
	for i := range sensors {
		if active[InAir][i] || active[InGround][i] {
			continue
		}
		e, north := n.plane.To(sensors[i].At)
		x, y := float64(e), float64(north)
		if hypot(x, y) > n.extent+reachOf(n, medium) || len(n.binned) == 0 {
			continue
		}
		near := n.nearest(x, y, 1, nil)
		kept[i] = near[0].distance <= reachOf(n, medium)
	}
	if slices.Equal(kept, n.kept) {
		return n
	}
	return placed(sensors, kept)
}

// lone is the sensors that can share no event with enough others to place it: three in air, in the
// ground two with P and S. Their arrivals tell nothing, and a place that was never set lies at
// 0, 0: an event might then have been anywhere from there to the network, and any would be
// improbable.
func (n *network) lone(medium Medium) (lone []int) {
	together, apart := [...]int{InAir: confirming, InGround: 2}[medium], 2*reachOf(n, medium)
	if n.extent <= apart/2 || len(n.binned) < 2*together {
		return nil
	}
	for i, kept := range n.kept {
		if kept && n.nearest(n.x[i], n.y[i], together, nil)[together-1].distance > apart {
			lone = append(lone, i)
		}
	}
	if len(n.binned)-len(lone) < together {
		return nil
	}
	return lone
}

// activeSensors says, by medium, which sensors have arrivals.
func activeSensors(count int, arrivals []Arrival) (active [2][]bool) {
	active = [2][]bool{make([]bool, count), make([]bool, count)}
	for i := range arrivals {
		active[arrivals[i].Phase.medium()][arrivals[i].Sensor] = true
	}
	return active
}

// placed is a network of some of the sensors.
func placed(sensors []Sensor, kept []bool) *network {
	n := &network{kept: kept, plane: geo.NewPlane(middle(sensors, kept))}
	n.x, n.y, n.z = make([]float64, len(sensors)), make([]float64, len(sensors)), make([]float64, len(sensors))
	for i, s := range sensors {
		if kept[i] {
			e, north := n.plane.To(s.At)
			n.x[i], n.y[i], n.z[i] = float64(e), float64(north), float64(s.Elev)
			n.extent = max(n.extent, hypot(n.x[i], n.y[i]))
		}
	}
	n.turn = make([]float64, len(sensors))
	for i, s := range sensors {
		if kept[i] {
			n.turn[i] = n.northAt(s.At)
		}
	}
	n.raster()
	n.spacing = n.medianSpacing()
	return n
}

// middle is the middle of the sensors' directions from the centre of the earth.
func middle(sensors []Sensor, kept []bool) geo.Point {
	var x, y, z float64
	for i, s := range sensors {
		if !kept[i] {
			continue
		}
		sinLat, cosLat := math.Sincos(float64(s.At.Lat) * math.Pi / 180)
		sinLon, cosLon := math.Sincos(float64(s.At.Lon) * math.Pi / 180)
		x, y, z = x+cosLat*cosLon, y+cosLat*sinLon, z+sinLat
	}
	return geo.Point{
		Lat: geo.Degrees(math.Atan2(z, hypot(x, y)) * 180 / math.Pi),
		Lon: geo.Degrees(math.Atan2(y, x) * 180 / math.Pi),
	}
}

// raster puts the sensors into bins of about one sensor each.
func (n *network) raster() {
	west, east, south, north, count := 0.0, 0.0, 0.0, 0.0, 0
	for i, kept := range n.kept {
		if kept {
			west, east = min(west, n.x[i]), max(east, n.x[i])
			south, north = min(south, n.y[i]), max(north, n.y[i])
			count++
		}
	}
	area := max(1, east-west) * max(1, north-south)
	n.side = max(1, math.Sqrt(area/float64(max(1, count))), (east-west)/maxBinsAcross, (north-south)/maxBinsAcross)
	n.west, n.south = west-n.side/2, south-n.side/2
	n.nx, n.ny = int((east-n.west)/n.side)+1, int((north-n.south)/n.side)+1
	n.binStart = make([]int32, n.nx*n.ny+1)
	for i, kept := range n.kept {
		if kept {
			n.binStart[n.bin(n.x[i], n.y[i])+1]++
		}
	}
	for b := range n.nx * n.ny {
		n.binStart[b+1] += n.binStart[b]
	}
	n.binned = make([]int32, count)
	next := slices.Clone(n.binStart)
	for i, kept := range n.kept {
		if kept {
			b := n.bin(n.x[i], n.y[i])
			n.binned[next[b]] = int32(i)
			next[b]++
		}
	}
}

func (n *network) column(x float64) int { return max(0, min(n.nx-1, int((x-n.west)/n.side))) }
func (n *network) row(y float64) int    { return max(0, min(n.ny-1, int((y-n.south)/n.side))) }
func (n *network) bin(x, y float64) int { return n.row(y)*n.nx + n.column(x) }

func (n *network) medianSpacing() float64 {
	if len(n.binned) < 2 {
		return 1000
	}
	var buf []ranked
	nearest := make([]float64, len(n.binned))
	for k, i := range n.binned {
		buf = n.nearest(n.x[i], n.y[i], 2, buf[:0])
		nearest[k] = buf[1].distance
	}
	slices.Sort(nearest)
	return max(1, nearest[len(nearest)/2])
}

// ranked is a sensor with its distance from somewhere.
type ranked struct {
	distance float64
	sensor   int32
}

func byDistance(a, b ranked) int {
	switch {
	case a.distance < b.distance:
		return -1
	case a.distance > b.distance:
		return 1
	}
	return int(a.sensor - b.sensor)
}

// sortRanked sorts by distance: sensors spread evenly over the ground are nearly in order once they
// are put into rings of equal area, as many as there are sensors.
func sortRanked(list []ranked) {
	most := 0.0
	for _, r := range list {
		most = max(most, r.distance)
	}
	scale := float64(len(list)-1) / (most * most)
	begin := make([]int32, len(list)+1)
	ring := func(r ranked) int { return int(r.distance * r.distance * scale) }
	for _, r := range list {
		if !(most > 0) || begin[ring(r)+1] == mostInRing {
			slices.SortFunc(list, byDistance)
			return
		}
		begin[ring(r)+1]++
	}
	for i := range list {
		begin[i+1] += begin[i]
	}
	for _, r := range slices.Clone(list) {
		at := &begin[ring(r)]
		list[*at] = r
		*at++
	}
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && byDistance(list[j], list[j-1]) < 0; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

// mostInRing is beyond what is sorted by going through it.
const mostInRing = 24

// nearest appends the count sensors nearest to a place, the nearest first: rings of bins are
// searched outwards, and half as many again as it took to find enough.
func (n *network) nearest(x, y float64, count int, buf []ranked) []ranked {
	begin := len(buf)
	column, row := n.column(x), n.row(y)
	last := max(n.nx, n.ny)
	for ring := 0; ring <= last; ring++ {
		buf = n.ring(x, y, column, row, ring, buf)
		if len(buf)-begin >= count && last == max(n.nx, n.ny) {
			last = ring + ring/2 + 1
		}
	}
	sortRanked(buf[begin:])
	return buf[:min(len(buf), begin+count)]
}

// around appends the sensors within a distance of a place, by the raster.
func (n *network) around(x, y, radius float64, buf []ranked) []ranked {
	begin := len(buf)
	for row := n.row(y - radius); row <= n.row(y+radius); row++ {
		for column := n.column(x - radius); column <= n.column(x+radius); column++ {
			buf = n.inBin(x, y, row*n.nx+column, buf)
		}
	}
	kept := slices.DeleteFunc(buf[begin:], func(r ranked) bool { return r.distance > radius })
	return buf[:begin+len(kept)]
}

// ring appends the sensors in the bins at a distance of ring bins from one.
func (n *network) ring(x, y float64, column, row, ring int, buf []ranked) []ranked {
	for r := max(0, row-ring); r <= min(n.ny-1, row+ring); r++ {
		step := 2 * ring
		if r == row-ring || r == row+ring || ring == 0 {
			step = 1
		}
		for c := column - ring; c <= column+ring; c += step {
			if c >= 0 && c < n.nx {
				buf = n.inBin(x, y, r*n.nx+c, buf)
			}
		}
	}
	return buf
}

func (n *network) inBin(x, y float64, bin int, buf []ranked) []ranked {
	for _, s := range n.binned[n.binStart[bin]:n.binStart[bin+1]] {
		buf = append(buf, ranked{hypot(n.x[s]-x, n.y[s]-y), s})
	}
	return buf
}

// vicinity keeps, for the places that were asked for, which sensors are nearest. A place
// stands for its cell of half a bin. All workers share one: a list is the same whoever makes it.
type vicinity struct {
	net   *network
	count int
	nx    int
	lists []atomic.Pointer[[]int32]
}

func newVicinity(net *network, count int) *vicinity {
	return &vicinity{
		net: net, count: min(count, len(net.binned)), nx: 2*net.nx + 2*cellMargin,
		lists: make([]atomic.Pointer[[]int32], (2*net.nx+2*cellMargin)*(2*net.ny+2*cellMargin)),
	}
}

// at is the sensors nearest to the cell of a place, the nearest first.
func (v *vicinity) at(x, y float64) []int32 {
	half := v.net.side / 2
	rows := len(v.lists) / v.nx
	column := max(0, min(v.nx-1, int(math.Floor((x-v.net.west)/half))+cellMargin))
	row := max(0, min(rows-1, int(math.Floor((y-v.net.south)/half))+cellMargin))
	cell := row*v.nx + column
	if list := v.lists[cell].Load(); list != nil {
		return *list
	}
	list := v.make(v.net.west+(float64(column-cellMargin)+.5)*half, v.net.south+(float64(row-cellMargin)+.5)*half)
	v.lists[cell].Store(&list)
	return list
}

func (v *vicinity) make(x, y float64) []int32 {
	near := v.net.nearest(x, y, v.count, make([]ranked, 0, 4*v.count))
	list := make([]int32, len(near))
	for i, r := range near {
		list[i] = r.sensor
	}
	return list
}

// northAt is the direction of true north at a place, clockwise from that of the plane, radians:
// meridians converge.
func (n *network) northAt(at geo.Point) float64 {
	up, _ := geo.Direct(at, 0, 1000)
	e0, n0 := n.plane.To(at)
	e1, n1 := n.plane.To(up)
	return math.Atan2(float64(e1-e0), float64(n1-n0))
}
