package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// ConfigFile is the name of the configuration in a data directory.
const ConfigFile = "truce.yaml"

// Config is truce.yaml. Every field stands in sampleConfig, which a test loads.
type Config struct {
	dir string

	Store     string       `koanf:"store"`     // sqlite:FILE relative to the data directory, or postgres://...
	Public    string       `koanf:"public"`    // file of the public store
	Agreement string       `koanf:"agreement"` // directory of the agreement
	Listen    string       `koanf:"listen"`    // address of the desk; loopback only
	Bounds    *BoundsBox   `koanf:"bounds"`    // rows outside are quarantined; absent: no bound
	Cloud     []CloudArea  `koanf:"cloud"`     // which cloud column speaks for which reporting area
	Media     MediaConfig  `koanf:"media"`
	Sources   []SourceEdit `koanf:"sources"` // rights the mission has agreed beyond what a source declares
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

// SourceEdit overrides what a source declares of its rights.
type SourceEdit struct {
	ID           truce.SourceID `koanf:"id"`
	Licence      string         `koanf:"licence"`
	Attribution  string         `koanf:"attribution"`
	Redistribute bool           `koanf:"redistribute"`
}

// LoadConfig reads truce.yaml of a data directory.
func LoadConfig(dir string) (Config, error) {
	path := filepath.Join(dir, ConfigFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, truce.Errorf(truce.CodeNotFound, "%s is not a data directory: it has no %s; make one with: truce init %s", dir, ConfigFile, dir)
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

func parseConfig(text []byte) (Config, error) {
	k := koanf.New(".")
	if err := k.Load(rawbytes.Provider(text), yaml.Parser()); err != nil {
		return Config{}, err
	}
	if unknown := unknownKeys(k); len(unknown) > 0 {
		return Config{}, fmt.Errorf("unknown setting %s; known are %s", strings.Join(unknown, ", "), strings.Join(configKeys, ", "))
	}
	cfg := Config{Store: "sqlite:truce.db", Public: "public.db", Agreement: "agreement", Listen: "127.0.0.1:8080"}
	if err := k.Unmarshal("", &cfg); err != nil {
		return Config{}, err
	}
	return cfg, cfg.validate()
}

var configKeys = []string{"store", "public", "agreement", "listen", "bounds", "cloud", "media", "sources"}

func unknownKeys(k *koanf.Koanf) []string {
	var out []string
	for _, key := range k.Keys() {
		top, _, _ := strings.Cut(key, ".")
		known := false
		for _, c := range configKeys {
			known = known || c == top
		}
		if !known {
			out = append(out, key)
		}
	}
	return out
}

func (c Config) validate() error {
	if !strings.HasPrefix(c.Store, "sqlite:") && !strings.HasPrefix(c.Store, "postgres://") {
		return fmt.Errorf("store: %q; write sqlite:FILE or postgres://user@host/database", c.Store)
	}
	if box := c.box(); box != nil {
		if err := box.Validate(); err != nil {
			return fmt.Errorf("bounds: %w", err)
		}
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return fmt.Errorf("listen: %q; write HOST:PORT, e.g. 127.0.0.1:8080", c.Listen)
	}
	return nil
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

# Rows outside the mission's area are quarantined. Remove the # to set it.
# bounds: {south: 44, west: 22, north: 53, east: 41}

# Which column of a cloud file speaks for which reporting area ("*": all areas).
# cloud:
#   - {column: cloud_cover_in_east_of_country, area: east}

media:
  # Places whose point often stands for the whole country.
  capital_places: []

# Rights agreed with a source beyond what it declares by itself.
# sources:
#   - {id: csv, licence: CC-BY-4.0, attribution: "Our own patrols", redistribute: true}
`
