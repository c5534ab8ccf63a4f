package app

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
)

func (c *cli) agreementRenderCommand() *cobra.Command {
	var opt renderOptions
	cmd := &cobra.Command{
		Use: "render DIR", Short: "Draw an agreement: GeoJSON, a map, or one printable page", Args: cobra.ExactArgs(1),
		Long: "Writes lines, zones, sites and the bands derived from lines as GeoJSON, or as an SVG map with --svg, or with --html one\n" +
			"printable page for a legal adviser: each clause beside the rule in plain words, map, tests and open points.",
		Example: "  truce agreement render mission/agreement > agreement.geojson\n  truce agreement render mission/agreement --html --lang uk --out agreement.html",
		RunE:    func(cmd *cobra.Command, args []string) error { return c.runAgreementRender(cmd, args[0], opt) },
	}
	cmd.Flags().BoolVar(&opt.svg, "svg", false, "an SVG map")
	cmd.Flags().BoolVar(&opt.html, "html", false, "one printable page")
	cmd.Flags().StringVar(&opt.lang, "lang", "en", "en or uk")
	cmd.Flags().StringVar(&opt.at, "at", "", "lines and lists as they hold then (RFC 3339; default: when the agreement takes effect)")
	cmd.Flags().StringVar(&opt.out, "out", "-", "file to write; - for standard output")
	cmd.MarkFlagsMutuallyExclusive("svg", "html")
	return cmd
}

type renderOptions struct {
	svg, html     bool
	lang, at, out string
}

func (c *cli) runAgreementRender(cmd *cobra.Command, dir string, opt renderOptions) error {
	t, err := readAgreement(dir)
	if err != nil {
		return err
	}
	g, err := t.Geometry(nil)
	if err != nil {
		return err
	}
	at := t.Effective.At
	if opt.at != "" {
		if err := at.UnmarshalText([]byte(opt.at)); err != nil {
			return usageError(cmd, "--at: %w", err)
		}
	}
	m := mapper{g: g, bands: &bandOutlines{of: g}, at: at, lang: opt.lang}
	var text []byte
	switch {
	case opt.html:
		text, err = c.agreementPage(t, m)
	case opt.svg:
		text, err = m.standaloneSVG()
	default:
		text = geo.WriteGeoJSON(m.collection())
	}
	if err != nil {
		return err
	}
	if opt.out == "-" {
		_, err = c.out.Write(text)
		return err
	}
	if err := os.WriteFile(opt.out, text, 0o644); err != nil {
		return truce.Errorf(truce.CodeInvalid, "%s: cannot be written: %w", opt.out, err)
	}
	return nil
}

// agreementScene is the map of the terms alone.
func (m mapper) agreementScene() (draw.Scene, bool) {
	view := m.agreementView()
	if view.Empty() {
		return draw.Scene{}, false
	}
	scene := m.baseScene(view)
	scene.Title = m.g.Agreement().Title.In(m.lang)
	for _, site := range m.g.Agreement().Sites {
		for _, f := range m.g.Agreement().Features(site.Source) {
			for _, at := range f.Geom.Points {
				if draw.Shows(view, []geo.Point{at, at}, false) {
					scene.Marks = append(scene.Marks, draw.Mark{At: at, Text: site.ID})
				}
			}
		}
	}
	return scene, true
}

// agreementView is the ground to show: the base map or areas, else the lines and zones,
// else the sites. Sites that lie elsewhere, as invented ones do, do not widen it.
func (m mapper) agreementView() geo.Bounds {
	view := landBounds(m.g.Agreement())
	if !view.Empty() {
		return view
	}
	var drawn, sites []geo.Feature
	for _, f := range m.collection().Features {
		if len(f.Geom.Points) > 0 {
			sites = append(sites, f)
		} else {
			drawn = append(drawn, f)
		}
	}
	if view = boundsOf(drawn); view.Empty() {
		view = boundsOf(sites)
	}
	if view.Empty() {
		return view
	}
	margin := max((view.North-view.South)/20, 0.02)
	return geo.Bounds{South: view.South - margin, West: view.West - margin, North: view.North + margin, East: view.East + margin}
}

// standaloneSVG is the map with its style inside, as a file of its own.
func (m mapper) standaloneSVG() ([]byte, error) {
	scene, ok := m.agreementScene()
	if !ok {
		return nil, truce.Errorf(truce.CodeInvalid, "the agreement has no lines, zones, sites or areas to draw")
	}
	text := string(draw.SVG(scene))
	i := strings.IndexByte(text, '>')
	if !strings.Contains(text[:i], "xmlns=") {
		text = strings.Replace(text, "<svg", `<svg xmlns="http://www.w3.org/2000/svg"`, 1)
		i = strings.IndexByte(text, '>')
	}
	return []byte(text[:i+1] + "<style>" + draw.Style() + "</style>" + text[i+1:] + "\n"), nil
}

// collection is everything with a place: lines, zones, bands of limits and sites.
func (m mapper) collection() *geo.Collection {
	a := m.g.Agreement()
	out := &geo.Collection{}
	add := func(id, kind string, g geo.Geometry, more map[string]any) {
		properties := map[string]any{"kind": kind}
		for key, value := range more {
			properties[key] = value
		}
		props, _ := json.Marshal(properties) // texts and numbers always marshal
		out.Features = append(out.Features, geo.Feature{ID: id, Geom: g, Props: props})
	}
	for _, l := range a.Lines {
		drawn, version, ok := m.g.LineAt(l.ID, m.at, 0)
		if !ok {
			continue
		}
		add(string(l.ID), string(l.Kind), geo.Geometry{Lines: drawn.Parts()},
			map[string]any{"name": l.Name.In(m.lang), "left": string(l.Left), "right": string(l.Right), "version": version, "accuracy_m": l.AccuracyM})
	}
	for _, z := range a.Zones {
		more := map[string]any{"name": z.Name.In(m.lang), "accuracy_m": z.AccuracyM}
		if z.Band != nil {
			more["line"], more["from_m"], more["to_m"] = string(z.Band.Line), z.Band.FromM, z.Band.ToM
		}
		add(string(z.ID), string(z.Kind), geo.Geometry{Polygons: m.zonePolygons(z)}, more)
	}
	m.addLimits(add)
	for _, s := range a.Sites {
		for _, f := range a.Features(s.Source) {
			add(s.ID, string(s.Kind), f.Geom, map[string]any{"name": s.Name.In(m.lang), "radius_m": s.RadiusM})
		}
	}
	return out
}

// addLimits adds the bands that rules derive from lines: one for each party's own line
// and each distance.
func (m mapper) addLimits(add func(id, kind string, g geo.Geometry, more map[string]any)) {
	for _, r := range m.g.Agreement().Rules {
		if r.Limit == nil {
			continue
		}
		lines := r.Limit.Lines
		if r.Limit.Line != "" {
			lines = []agreement.PartyLine{{Line: r.Limit.Line}}
		}
		reaches := []agreement.ClassBand{{ToM: r.Limit.ToM}}
		if len(r.Limit.Bands) > 0 {
			reaches = r.Limit.Bands
		}
		for _, l := range lines {
			for _, reach := range reaches {
				band := &agreement.Band{Line: l.Line, Party: l.Party, FromM: r.Limit.FromM, ToM: reach.ToM}
				id := strings.Trim(fmt.Sprintf("%s-%s-%s", r.ID, l.Party, reach.Class), "-")
				polygons := m.zonePolygons(agreement.Zone{ID: truce.ZoneID("limit " + id), Band: band})
				add(id, "limit", geo.Geometry{Polygons: polygons},
					map[string]any{"rule": string(r.ID), "line": string(l.Line), "from_m": band.FromM, "to_m": band.ToM, "class": string(reach.Class)})
			}
		}
	}
}
