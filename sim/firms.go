package sim

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

const firmsHeader = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight,instrument"

// firmsFiles writes one file per satellite and UTC day, each satellite in a dialect of
// its own as they are met in the wild: times as 13:05:00, 1305 or 5; confidence as
// nominal or n.
func (w *World) firmsFiles() []File {
	byFile := map[string][]detection{}
	for _, d := range w.detect() {
		name := w.firmsName(d.pass.Satellite, w.dayOf(d.pass.At))
		byFile[name] = append(byFile[name], d)
	}
	r := stream(w.cfg.Seed, "firms/quirks")
	var out []File
	for _, s := range satellites {
		for day := -w.cfg.History; day < w.cfg.Days; day++ {
			name := w.firmsName(truce.SensorID(s.name), day)
			out = append(out, w.firmsFile(r, name, day, s, byFile[name]))
		}
	}
	return out
}

func (w *World) firmsName(satellite truce.SensorID, day int) string {
	at := w.at(day, 0).Time()
	for _, s := range satellites {
		if s.name == string(satellite) {
			return fmt.Sprintf("firms/exercise_%s_%04d%03d.csv", s.prefix, at.Year(), at.YearDay())
		}
	}
	return ""
}

func (w *World) firmsFile(r *rand.Rand, name string, day int, s satellite, rows []detection) File {
	var b bytes.Buffer
	b.WriteString(firmsHeader + "\n")
	line := 1
	for _, d := range rows {
		line++
		b.WriteString(firmsRow(r, d) + "\n")
		w.truth.credit(d.cause, RowRef{File: name, Line: line, Family: truce.FamilyThermal})
	}
	if s.name == "N21" && day%roles == breachDay {
		line = w.spoilFirms(&b, name, line)
	}
	if s.name == "N20" && day%roles == breachDay && len(rows) > 0 {
		line = w.repeatFirms(&b, name, line, rows[0])
	}
	w.truth.Files[name] = line - 1
	return File{Name: name, Format: FormatFIRMS, Data: b.Bytes()}
}

// firmsRow prints a detection in its satellite's dialect. Some rows carry the noise
// of a binary fraction, as the real files do.
func firmsRow(r *rand.Rand, d detection) string {
	p := d.at.point()
	lat := number(float64(p.Lat))
	if r.IntN(25) == 0 {
		lat = strconv.FormatFloat(float64(p.Lat), 'f', 5, 64) + "0000000004"
	}
	clock := d.pass.At.Time()
	when, grade := clock.Format("15:04:05"), string(d.grade)
	switch d.pass.Satellite {
	case "N21":
		when, grade = strconv.Itoa(clock.Hour()*100+clock.Minute()), grade[:1]
	case "N":
		when = clock.Format("1504")
	}
	daynight := "D"
	if d.pass.Night {
		daynight = "N"
	}
	return strings.Join([]string{lat, number(float64(p.Lon)), decimals(d.ti4, 2), decimals(d.scan/1000, 2), decimals(d.track/1000, 2),
		clock.Format("2006-01-02"), when, string(d.pass.Satellite), grade, "2.0NRT", decimals(d.ti5, 2), decimals(d.frp, 2), daynight, "VIIRS"}, ",")
}

func decimals(x float64, n int) string { return number(roundTo(x, n)) }

// spoilFirms adds two rows no decoder may accept.
func (w *World) spoilFirms(b *bytes.Buffer, name string, line int) int {
	bad := []struct{ row, reason string }{
		{"-147.90112,-21.60341,331.2,0.39,0.36,2031-03-11,1507,N21,n,2.0NRT,290.1,4.1,D,VIIRS", "latitude out of range"},
		{"-47.90112,-21.60341,331.2,0.39", "row cut short"},
	}
	for _, x := range bad {
		line++
		b.WriteString(x.row + "\n")
		w.truth.BadRows = append(w.truth.BadRows, BadRow{File: name, Line: line, Reason: x.reason})
	}
	return line
}

// repeatFirms adds the file's first row a second time.
func (w *World) repeatFirms(b *bytes.Buffer, name string, line int, d detection) int {
	rows := strings.SplitN(b.String(), "\n", 3)
	line++
	b.WriteString(rows[1] + "\n")
	id := w.nuisance(Nuisance{Kind: NuisanceDuplicate, From: d.pass.At, To: d.pass.At, Of: d.cause, Note: "the same detection twice in one file"}, &d.at)
	w.truth.credit(id, RowRef{File: name, Line: line, Family: truce.FamilyThermal})
	return line
}

// cloudFile is the cover of each area by day, as a weather service gives it.
func (w *World) cloudFile() File {
	var b bytes.Buffer
	b.WriteString("date")
	for _, a := range w.island.Areas {
		b.WriteString(",cloud_cover_in_" + string(a.ID))
	}
	b.WriteByte('\n')
	for day := -w.cfg.History; day < w.cfg.Days; day++ {
		b.WriteString(string(w.day(day)))
		for i := range w.island.Areas {
			b.WriteString("," + number(w.clouds.cover(day, i)))
		}
		b.WriteByte('\n')
	}
	name := fmt.Sprintf("cloud/exercise_cloud_cover_%s_%s.csv", w.day(-w.cfg.History), w.day(w.cfg.Days-1))
	w.truth.Files[name] = w.cfg.History + w.cfg.Days
	return File{Name: name, Format: FormatCloud, Data: b.Bytes()}
}

// fileDay is a date as file names carry it.
func fileDay(t time.Time) string { return t.Format("20060102") }
