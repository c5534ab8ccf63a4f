package locate

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func (c Config) withDefaults() Config {
	c.SpeedAcoustic = cmp.Or(c.SpeedAcoustic, DefaultSpeedAcoustic)
	c.SpeedP = cmp.Or(c.SpeedP, DefaultSpeedP)
	c.SpeedS = cmp.Or(c.SpeedS, DefaultSpeedS)
	c.DepthMax = cmp.Or(c.DepthMax, DefaultDepthMax)
	return c
}

// Batch finds the events that a set of arrivals tells of. The order of the arrivals does not
// matter, nor how many processors there are. It refuses a configuration, sensor or arrival
// that Validate, CheckSensor or CheckArrival refuses. Ids must be unique; the caller sees to that.
func Batch(sensors []Sensor, arrivals []Arrival, cfg Config) (Result, error) {
	if err := check(sensors, arrivals, cfg); err != nil {
		return Result{}, err
	}
	active := activeSensors(len(sensors), arrivals)
	var result Result
	for medium := InAir; medium <= InGround; medium++ {
		if !slices.Contains(active[medium], true) {
			continue
		}
		s := newSolver(newNetwork(sensors, active, medium), arrivals, medium, cfg)
		if s == nil {
			continue
		}
		s.solve()
		if cfg.Regions != NoRegions {
			s.learnRanges()
		}
		found := make([]Event, len(s.events))
		s.eachEvent(func(w *worker, i int, h *hypothesis) { found[i] = s.eventWithin(w, h, arrivals, cfg.Regions) })
		result.Events = append(result.Events, found...)
		for i := range s.far {
			result.Events = append(result.Events, s.eventWithin(s.farWorker(s.far[i].speed), &s.far[i].hypothesis, arrivals, cfg.Regions))
		}
		result.Health = append(result.Health, s.health()...)
		result.Air = append(result.Air, s.airUsed()...)
	}
	slices.SortStableFunc(result.Health, byHealth)
	slices.SortFunc(result.Events, byTime)
	return result, nil
}

func check(sensors []Sensor, arrivals []Arrival, cfg Config) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	switch {
	case len(sensors) > MaxSensors:
		return truce.Errorf(truce.CodeTooLarge, "%d sensors: at most %d", len(sensors), MaxSensors)
	case len(arrivals) > MaxArrivals:
		return truce.Errorf(truce.CodeTooLarge, "%d arrivals: at most %d", len(arrivals), MaxArrivals)
	}
	for _, s := range sensors {
		if err := CheckSensor(s); err != nil {
			return err
		}
	}
	for _, a := range arrivals {
		if err := CheckArrival(a, len(sensors)); err != nil {
			return err
		}
	}
	return nil
}

// excluded is the arrivals that people took out of every event.
func (c Config) excluded() map[string]bool {
	out := map[string]bool{}
	for _, d := range c.Decisions {
		if d.Kind == Excluded {
			for _, id := range d.Arrivals {
				out[id] = true
			}
		}
	}
	return out
}

// solver finds the events of one medium.
type solver struct {
	net      *network
	arrivals []Arrival
	times    []truce.Instant // of the arrivals, clocks set right
	skip     map[string]bool
	picks    *picks
	model    *model
	taken    []int32 // by pick: the event it is in, counted from 1; 0: free
	futile   []bool  // by pick: tried as a seed in vain
	reach    float64
	events   []hypothesis
	far      []farEvent // heard so far away that another air is theirs
	workers  []*worker
	pairs    [][]pair    // by station, in the ground
	lists    **vicinity  // what is near
	sample   int         // one slice of so many is searched
	surplus  map[int]int // arrivals by sensor that came too thick to be told apart
	lone     map[int]int // arrivals by sensor that is too far from enough others
	clocks   clocks

	decisions []Decision
	decided   *decided

	clockBase truce.Instant // that the clocks' times are counted from

	airFree           bool    // the air is to be learnt
	speed, speedSigma float64 // of sound, as believed before, m/s
}

// How far events are ever looked for, in spacings of the sensors and in metres.
const (
	reachSpacings    = 12
	leastReachAir    = 30e3
	leastReachGround = 250e3
)

func newSolver(net *network, arrivals []Arrival, medium Medium, given Config) *solver {
	s := &solver{net: net, arrivals: arrivals, skip: given.excluded(), decisions: given.Decisions, times: make([]truce.Instant, len(arrivals)), sample: 1, lists: new(*vicinity)}
	for i := range arrivals {
		s.times[i] = arrivals[i].Time
	}
	if !s.sort(medium) {
		return nil
	}
	p := s.picks
	cfg := given.withDefaults()
	m := newModel(p.medium, cfg, p)
	m.air = newAtmosphere(cfg, p.base, net.plane)
	m.min = cmp.Or(cfg.MinArrivals, [...]int{InAir: DefaultMinArrivals, InGround: DefaultMinArrivalsSeismic}[p.medium])
	s.reach = reachOf(net, p.medium)
	area := 4 * (net.extent + net.spacing) * (net.extent + net.spacing)
	m.density = math.Log((float64(len(p.time))/20 + 1) / (p.span + firstQuiet) / area)
	s.model = m
	s.airFree = p.medium == InAir && len(cfg.Meteo) == 0
	s.speed, s.speedSigma = cfg.SpeedAcoustic, priorSpeed
	if given.SpeedAcoustic != 0 {
		s.speedSigma = fixedSpeed
	}
	return s
}

// sort puts the arrivals into their channels. It is false when there are none.
func (s *solver) sort(medium Medium) bool {
	order := s.thin(inOrder(s.arrivals, s.times, medium, s.skip), medium)
	if len(order) == 0 {
		return false
	}
	s.picks = newPicks(s.arrivals, s.times, order, medium, len(s.net.x))
	for p, spread := range s.picks.spread {
		if spread > 0 {
			s.picks.azimuth[p] += float32(s.net.turn[s.picks.sensor(int32(p))])
		}
	}
	s.taken = make([]int32, len(s.picks.time))
	s.futile = make([]bool, len(s.picks.time))
	s.workers, s.pairs = nil, nil
	s.decided = newDecided(s.decisions, s.arrivals, s.picks)
	return true
}

// maxRounds of searching what is left: an event hidden by another shows in the second.
const maxRounds = 3

// solve finds events with what is assumed, learns from them, and goes through them again.
func (s *solver) solve() {
	s.calibrate()
	s.associate()
	s.learn()
	var found []clock
	var deaf [][]gap
	atOnce(func() { deaf = s.deafness() }, func() { found = s.learnClocks() })
	s.setDeaf(deaf)
	if s.setClocks(found) {
		s.associate()
	} else {
		s.again()
	}
	s.learn()
	s.again()
	s.unite()
	s.hearFar()
}

// learn takes from the sure events what they tell. Errors, noise and hearing have nothing to do
// with each other, unless an air by cells moves the events meanwhile.
func (s *solver) learn() {
	s.learnAir()
	var noise noise
	var hear hearing
	others := func() { noise, hear = s.noise(), s.hearing() }
	if s.airFree {
		s.learnErrors()
		for range cellRounds {
			if !s.learnCells() {
				break
			}
			s.learnErrors() // errors seemed larger with one air for all
		}
		others()
	} else {
		atOnce(s.learnErrors, others)
	}
	next := *s.model
	next.rate, next.density, next.hear = noise.rate, noise.density, hear
	s.model = &next
}

// associate finds events among the picks that are free.
func (s *solver) associate() {
	for range maxRounds {
		if s.resolve(s.search()) == 0 {
			break
		}
	}
}

// calibrate learns the air from a sample of the picks, with errors wide enough for any
// wind, so that the search proper need not be.
func (s *solver) calibrate() {
	if !s.airFree {
		return
	}
	narrow := *s.model
	wide := narrow
	wide.timing[Acoustic].share = wideShare
	s.model = &wide
	s.sample = max(1, len(s.picks.time)/calibrationPicks)
	s.resolve(s.search())
	s.sample = 1
	next := narrow
	next.air = wide.air
	s.model = &next
	s.learnAir()
	s.forget()
	clear(s.futile)
}

const (
	// wideShare of the travel time is what an unknown wind of 15 m/s does to it, less what
	// the place takes up.
	wideShare        = .025
	calibrationPicks = 8000
)

// forget gives all events up.
func (s *solver) forget() {
	s.events = s.events[:0]
	clear(s.taken)
}

// again fits all events anew to what was learnt, lets them compete once more, and looks for
// more among what is left.
func (s *solver) again() {
	old := slices.Clone(s.events)
	s.forget()
	s.parallel(len(old), func(w *worker, i int) {
		if !w.refine(&old[i], refineRounds) {
			old[i].score = nothingHeard
		}
	})
	s.resolve(old)
	s.resolve(s.search())
}

func byTime(a, b Event) int {
	return cmp.Or(cmp.Compare(a.Time, b.Time), slices.Compare(a.ID[:], b.ID[:]))
}

// eventWithin is event with the region that holds its place, if it is asked for.
func (s *solver) eventWithin(w *worker, h *hypothesis, arrivals []Arrival, which Regions) Event {
	e := s.event(w, h, arrivals)
	if which != NoRegions {
		e.Region = w.region(h, &e, which)
	}
	return e
}

// event is an accepted hypothesis as others see it.
func (s *solver) event(w *worker, h *hypothesis, arrivals []Arrival) Event {
	h.cov = w.inflated(h)
	e := Event{
		Phases: s.picks.medium, Time: s.picks.base + truce.Instant(math.Round(h.t*1e6)),
		TimeSigma: math.Sqrt(h.cov[atT][atT]), At: s.net.plane.From(geo.Metres(h.x), geo.Metres(h.y)),
		Ellipse: geo.Covariance{EE: h.cov[atX][atX], EN: h.cov[atX][atY], NN: h.cov[atY][atY]}.Ellipse(),
		Score:   h.score, Used: make([]Used, 0, len(h.members)),
	}
	if s.picks.medium == InGround {
		e.DepthSigma = geo.Metres(math.Sqrt(h.cov[atZ][atZ]))
		if h.z > leastDepth {
			e.Depth = geo.Metres(h.z)
		}
	}
	air := w.model.air.at(&h.place)
	first, sum := h.members[0], 0.0
	for _, p := range h.members {
		travel, _ := w.expect(&h.place, s.picks.channel[p], air)
		r := s.picks.time[p] - h.t - travel
		sum += r * r
		e.Used = append(e.Used, Used{Arrival: int(s.picks.original[p]), Residual: math.Round(r*1e6) / 1e6})
		if s.picks.time[p] < s.picks.time[first] {
			first = p
		}
	}
	e.RMS = math.Sqrt(sum / float64(len(h.members)))
	slices.SortFunc(e.Used, func(a, b Used) int { return cmp.Compare(a.Arrival, b.Arrival) })
	opened := &arrivals[s.picks.original[first]]
	e.ID = truce.NewID(opened.Time, "event", Method, []byte(opened.ID))
	return e
}
