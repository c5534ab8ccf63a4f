package app

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/asterix"
)

// ConfigFile is the name of the configuration in a data directory.
const ConfigFile = "truce.yaml"

// Config is truce.yaml. Every field stands in sampleConfig, which a test loads.
type Config struct {
	dir string

	Store     string           `koanf:"store"`      // sqlite:FILE relative to the data directory, or postgres://...
	Public    string           `koanf:"public"`     // file of the public store
	Agreement string           `koanf:"agreement"`  // directory of the agreement
	Listen    string           `koanf:"listen"`     // address of the desk; loopback only
	PublicURL string           `koanf:"public_url"` // of the public pages as people reach them, e.g. https://truce.example.org
	Bounds    *BoundsBox       `koanf:"bounds"`     // rows outside are quarantined; absent: no bound
	Cloud     []CloudArea      `koanf:"cloud"`      // which cloud column speaks for which reporting area
	Ears      []EarsConfig     `koanf:"ears"`       // how what networks of sensors heard is located
	Streams   []StreamConfig   `koanf:"streams"`    // feeds that truce serve takes as they come
	Radars    []RadarConfig    `koanf:"radars"`     // where radars stand whose reports tell range and bearing
	Aircraft  []AircraftConfig `koanf:"aircraft"`   // the mission's own, by the identities they give themselves
	Watch     WatchConfig      `koanf:"watch"`      // who watches where and when, so that silence can be read
	Alerts    AlertsConfig     `koanf:"alerts"`     // how alerts leave the house
	Feeds     FeedsConfig      `koanf:"feeds"`      // how open reporting is asked for
	Media     MediaConfig      `koanf:"media"`

	Reporting ReportingConfig `koanf:"reporting"` // how texts are read

	Sources []SourceEdit `koanf:"sources"` // rights agreed with sources, and sources of the mission's own
}

// BoundsBox is the mission's area in degrees.
type BoundsBox struct {
	South float64 `koanf:"south"`
	West  float64 `koanf:"west"`
	North float64 `koanf:"north"`
	East  float64 `koanf:"east"`
}

// CloudArea ties a column of a cloud file to a reporting area.
type CloudArea struct {
	Column string       `koanf:"column"`
	Area   truce.AreaID `koanf:"area"`
}

// MediaConfig says how reports are read.
type MediaConfig struct {
	// CapitalPlaces are place names that often stand for the whole country.
	CapitalPlaces []string `koanf:"capital_places"`
}

// SourceEdit declares the rights agreed with a source, or, when it names a family, a
// source of the mission's own that rows of tables may name. What is left out stays as
// the source declares it.
type SourceEdit struct {
	ID           truce.SourceID `koanf:"id"`
	Title        string         `koanf:"title"`
	Family       truce.Family   `koanf:"family"`
	Licence      string         `koanf:"licence"`
	Attribution  string         `koanf:"attribution"`
	Redistribute *bool          `koanf:"redistribute"`
	URL          string         `koanf:"url"`
}

// over lays the edit over what a source declares.
func (e SourceEdit) over(info truce.SourceInfo) truce.SourceInfo {
	for _, text := range []struct {
		edit string
		into *string
	}{{e.Title, &info.Title}, {e.Licence, &info.Licence}, {e.Attribution, &info.Attribution}, {e.URL, &info.URL}} {
		if text.edit != "" {
			*text.into = text.edit
		}
	}
	if e.Redistribute != nil {
		info.Redistribute = *e.Redistribute
	}
	return info
}

// ownSources are the sources that the mission declares by itself.
func (c Config) ownSources() []truce.SourceInfo {
	var out []truce.SourceInfo
	for _, edit := range c.Sources {
		if edit.Family != "" {
			out = append(out, edit.over(truce.SourceInfo{ID: edit.ID, Family: edit.Family}))
		}
	}
	return out
}

// validateSources refuses a declaration that nothing would ever use, and rights
// without the licence that gives them.
func (c Config) validateSources() error {
	built := builtInSources()
	seen := map[truce.SourceID]bool{}
	for i, edit := range c.Sources {
		info, known := built[edit.ID]
		switch {
		case edit.ID == "" || seen[edit.ID]:
			return fmt.Errorf("sources[%d]: needs an id of its own", i)
		case edit.Family != "" && !slices.Contains(reportFamilies(), edit.Family):
			return fmt.Errorf("sources[%d]: family %q; choose one of %v", i, edit.Family, reportFamilies())
		case known && edit.Family != "" && edit.Family != info.Family:
			return fmt.Errorf("sources[%d]: %s is of the family %s; leave family out", i, edit.ID, info.Family)
		case !known && edit.Family == "" && !strings.HasPrefix(string(edit.ID), "map-"):
			return fmt.Errorf("sources[%d]: nothing is read under the id %q; with a family it becomes a source that tables may name", i, edit.ID)
		case !known:
			info = truce.SourceInfo{ID: edit.ID, Family: cmp.Or(edit.Family, truce.FamilyReference)}
		}
		seen[edit.ID] = true
		if err := edit.over(info).Validate(); err != nil {
			return fmt.Errorf("sources[%d]: %w", i, err)
		}
	}
	return nil
}

// LoadConfig reads truce.yaml of a data directory.
func LoadConfig(dir string) (Config, error) {
	path := filepath.Join(dir, ConfigFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, truce.Errorf(truce.CodeNotFound, "%s is not a data directory: it has no %s; make one with: truce init %s", dir, ConfigFile, dir)
	}
	if isFile(dir) {
		return Config{}, fileForDirectory(dir)
	}
	if err != nil {
		return Config{}, fmt.Errorf("read configuration: %w", err)
	}
	cfg, err := parseConfig(text)
	if err != nil {
		return Config{}, truce.Errorf(truce.CodeInvalid, "%s: %w", path, err)
	}
	cfg.dir = dir
	return cfg, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// fileForDirectory says which directory is meant by a file that lies in one.
func fileForDirectory(path string) error {
	if folder := filepath.Dir(path); isFile(filepath.Join(folder, ConfigFile)) {
		return truce.Errorf(truce.CodeInvalid, "%s is a file, not a data directory; name the folder it lies in: --dir %s", path, folder)
	}
	return truce.Errorf(truce.CodeInvalid, "%s is a file, not a data directory; make one with: truce init DIR", path)
}

func parseConfig(text []byte) (Config, error) {
	k := koanf.New(".")
	if err := k.Load(rawbytes.Provider(text), plainDays{yaml.Parser()}); err != nil {
		return Config{}, err
	}
	if name, known := unknownSetting(k.Raw(), reflect.TypeFor[Config](), ""); name != "" {
		return Config{}, fmt.Errorf("unknown setting %s; known there: %s", name, strings.Join(known, ", "))
	}
	cfg := Config{Store: "sqlite:truce.db", Public: "public.db", Agreement: "agreement", Listen: "127.0.0.1:8080"}
	if err := k.Unmarshal("", &cfg); err != nil {
		return Config{}, err
	}
	return cfg, cfg.validate()
}

// plainDays is a parser of YAML to which 2026-04-01 is a text, quoted or not.
type plainDays struct{ *yaml.YAML }

// Unmarshal reads the settings.
func (p plainDays) Unmarshal(text []byte) (map[string]any, error) {
	values, err := p.YAML.Unmarshal(text)
	if err != nil {
		return nil, err
	}
	for key, value := range values {
		values[key] = daysAsText(value)
	}
	return values, nil
}

func daysAsText(value any) any {
	switch v := value.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case []any:
		for i := range v {
			v[i] = daysAsText(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = daysAsText(v[key])
		}
	}
	return value
}

// settings lists the settings of a struct by the names truce.yaml uses.
func settings(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("koanf"); name != "" {
			out[name] = t.Field(i).Type
		}
	}
	return out
}

// unknownSetting names the first setting that t has no place for, "" for none, with
// the settings that are known there. A misspelt setting would otherwise be a silent
// default.
func unknownSetting(value any, t reflect.Type, at string) (string, []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	switch v := value.(type) {
	case []any:
		for i, entry := range v {
			if name, known := unknownSetting(entry, t, fmt.Sprintf("%s[%d]", at, i)); name != "" {
				return name, known
			}
		}
	case map[string]any:
		if t.Kind() == reflect.Map {
			return "", nil // its names are not settings; what they may be is asked later
		}
		if t.Kind() != reflect.Struct {
			return at, nil
		}
		known := settings(t)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			path := strings.TrimPrefix(at+"."+name, ".")
			if known[name] == nil {
				return path, slices.Sorted(maps.Keys(known))
			}
			if bad, names := unknownSetting(v[name], known[name], path); bad != "" {
				return bad, names
			}
		}
	}
	return "", nil
}

func (c Config) validate() error {
	if file, ok := strings.CutPrefix(c.Store, "sqlite:"); (!ok || file == "") && !c.onServer() {
		// The address may hold a password, so it is not quoted.
		return errors.New("store: write sqlite:FILE or postgres://user@host/database")
	}
	if box := c.box(); box != nil {
		if err := box.Validate(); err != nil {
			return fmt.Errorf("bounds: %w", err)
		}
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return fmt.Errorf("listen: %q; write HOST:PORT, e.g. 127.0.0.1:8080", c.Listen)
	}
	if err := c.validatePublicURL(); err != nil {
		return err
	}
	for i, area := range c.Cloud {
		if area.Column == "" || area.Area == "" {
			return fmt.Errorf("cloud[%d]: needs a column and an area", i)
		}
	}
	if err := c.Watch.validate(); err != nil {
		return err
	}
	if err := validateEars(c.Ears); err != nil {
		return err
	}
	if err := validateStreams(c.Streams); err != nil {
		return err
	}
	if err := (asterix.Config{Radars: c.radars()}).Validate(); err != nil {
		return fmt.Errorf("radars: %w", err)
	}
	if err := validateAircraft(c.Aircraft); err != nil {
		return err
	}
	if err := c.Alerts.validate(); err != nil {
		return err
	}
	if err := c.Reporting.validate(); err != nil {
		return err
	}
	if err := c.Feeds.validate(); err != nil {
		return err
	}
	return c.validateSources()
}

// onServer says whether the records are kept by a PostgreSQL server.
func (c Config) onServer() bool {
	return strings.HasPrefix(c.Store, "postgres://") || strings.HasPrefix(c.Store, "postgresql://")
}

// storeShown names the store without the password its address may hold.
func (c Config) storeShown() string {
	if c.onServer() {
		return "PostgreSQL"
	}
	return strings.TrimPrefix(c.Store, "sqlite:")
}

// Path resolves a name of the configuration against the data directory.
func (c Config) Path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.dir, name)
}

// DSN is the store's address with its file resolved.
func (c Config) DSN() string {
	if file, ok := strings.CutPrefix(c.Store, "sqlite:"); ok {
		return "sqlite:" + c.Path(file)
	}
	return c.Store
}

// box is the bounds as sources take them, nil for none.
func (c Config) box() *source.Box {
	if c.Bounds == nil {
		return nil
	}
	b := c.Bounds
	return &source.Box{West: geo.Degrees(b.West), South: geo.Degrees(b.South), East: geo.Degrees(b.East), North: geo.Degrees(b.North)}
}

// sampleConfig is what `truce init` writes.
const sampleConfig = `# Truce: settings of this data directory. Paths are relative to it.

# Where the records are kept: a file here, or postgres://user@host/database
store: sqlite:truce.db

# What the public may see, coarsened and delayed; written by the publishing gate.
public: public.db

# The agreement: terms, lines, zones, clause texts. Edit it, then run: truce assess
agreement: agreement

# Address of the desk. Anything but loopback needs: truce serve --public
listen: 127.0.0.1:8080

# Address of the public pages as people reach them. Feeds, the sitemap and permanent links of
# checks need it to say where they lie in whole; without it they say it without a host.
# public_url: https://truce.example.org

# Rows outside the mission's area are quarantined. Remove the # to set it.
# bounds: {south: 44, west: 22, north: 53, east: 41}

# Which column of a cloud file speaks for which reporting area ("*": all areas).
# cloud:
#   - {column: cloud_cover_in_east_of_country, area: east}

# Who watches where and when. Without it nobody's silence says anything: every empty count
# of acts reads "not observed". docs/methods/coverage.md says what follows from it.
# watch:
#   satellites: [N, N20, N21]         # expected, as FIRMS names them; one that delivers nothing is a gap
#   watchers:
#     - family: patrol
#       sensors: [PATROL-1, PATROL-2] # as the sensor column of their rows names them
#       areas: [north]                # left out: every area
#       hours: 06:00-18:00            # local time; left out: day and night
#       heartbeat: none               # they are taken to keep their hours, but for outages that rows of health state
#       p_detect: {fire: 0.4, ground: 0.6, deny_access: 0.9} # chance to notice an act in the area, by act or group
#     - family: acoustic
#       sensors: [AC-01, AC-02, AC-03]
#       areas: [north, centre]
#       heartbeat: 1h                 # each says so as often; without it, a gap
#       degraded: 0.5                 # what an hour at reduced quality counts for; left out: nothing
#       p_detect: {fire: 0.6, signature: 0.6}
#       from: 2026-04-01              # first and last local day of this watch
#       until: 2026-12-31

# How what networks of sensors heard is located; a network that does not stand here has the
# defaults, and the speed of sound and the wind are estimated. docs/methods/location.md has the model.
# ears:
#   - network: north                  # as in: truce import --network north; left out: the mission's one
#     family: infrasound              # of what it hears through the air; left out: acoustic
#     speed_acoustic: 320             # m/s
#     speed_p: 6.3                    # km/s
#     speed_s: 3.7
#     depth_max: 30                   # km
#     min_arrivals: 5                 # of an event, at least

# Feeds of drones, aircraft and ships that truce serve takes as they come: tcp:// is asked,
# listen:// (TCP) and udp:// are listened on; a link that breaks is tried again.
# streams:
#   - {name: receiver-north, format: adsb, from: "tcp://10.0.0.7:30005"}
#   - {name: own-drones, format: mavlink, from: "udp://0.0.0.0:14550", network: own}

# Where radars stand, by the numbers in their reports (ASTERIX): without it ranges and bearings
# are kept as they are and are no positions.
# radars:
#   - {sac: 25, sic: 201, lat: 48.51, lon: 37.92, height: 210}

# The mission's own aircraft. A flight is its own where it gives one of these identities and flies
# where and when a monitor_flight was notified; an identity alone proves nothing. What their own
# telemetry tells of lost GNSS and links becomes interference, and a gap in what they watched.
# aircraft:
#   - {sensor: UAV-2, identities: ["sysid:2", "serial:1581F45TB21A00"]}

# How alerts leave the house, and where those who answer find the pages of: truce serve --room
# Secrets are read from the environment: TRUCE_SMTP_PASSWORD, and for each receiver of signed
# messages TRUCE_WEBHOOK_SECRET_ followed by the person in capitals, e.g. _FAR_DUTY
# of far-duty, _FAR_dot_DUTY of far.duty, _FAR_line_DUTY of far_duty.
# alerts:
#   base: https://room.example.org    # as people reach the pages; stands in every message
#   relay: relay.example.org:587      # of mail; left out: no mail
#   from: Truce <alerts@example.org>
#   user: truce                       # at the relay; left out: no sign-in
#   security: required                # STARTTLS; opportunistic, or none for a relay on this machine
#   allow: [10.0.0.5:587]             # relays and receivers that are not on the public internet
#   webhook: cap                      # receivers get CAP 1.2; left out: JSON
#   proxy: true                       # a proxy ends TLS in front and writes X-Forwarded-For

# How open reporting is asked for: truce feed add, truce feed run. Strangers' servers are asked
# only with an address at which their owners reach you.
# feeds:
#   contact: https://watch.example.org/robot # a page or a mail address
#   allow: [10.0.0.5:8080]            # sites that are not on the public internet
#   proxy: http://proxy.example.org:3128
#   no_proxy: intra.example.org       # asked without the proxy
#   every: 2s                         # between two requests to one host, at least
#   timeout: 60s                      # longest wait for one answer
#   pages: 20                         # articles' own pages fetched in one look at a feed
#   again: 7                          # days for which an article is looked at again

media:
  # Places whose point often stands for the whole country.
  capital_places: []

# How texts of open reporting are read, so that "Russian shelling" accuses a party and a village
# that is named has a place. Enemies say whom "the enemy" means; left out, of two states each
# means the other. The gazetteer is a table of places beside those of the agreement, with the
# first line name,alternatives,admin,lat,lon,radius_m,kind (alternatives are parted by |).
# reporting:
#   parties: {"state:UA": A, "state:RU": B}
#   enemies: {"state:UA": "state:RU", "lang:uk": "state:RU", "state:RU": "state:UA", "lang:ru": "state:UA"}
#   gazetteer: places.csv

# Rights agreed with a source beyond what it declares by itself; and, with a family,
# sources of your own that the source column of a table may name.
# The lines, zones and base map that the agreement draws stand on public maps only with
# the rights declared for the id agreement.
# sources:
#   - {id: agreement, licence: CC-BY-4.0, attribution: The Mission, redistribute: true}
#   - {id: csv-patrol, licence: CC-BY-4.0, attribution: Our own patrols, redistribute: true}
#   - id: team-north
#     title: Patrols of team north
#     family: patrol
#     licence: CC-BY-4.0
#     attribution: The Mission
#     redistribute: true
#     url: https://mission.example/team-north
`
