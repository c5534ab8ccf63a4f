package app

import (
	"encoding/hex"
	"io"
	"os"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/adsb"
	"github.com/trucewatch/truce/source/ais"
	"github.com/trucewatch/truce/source/asterix"
	"github.com/trucewatch/truce/source/cot"
	"github.com/trucewatch/truce/source/dataflash"
	"github.com/trucewatch/truce/source/gpx"
	"github.com/trucewatch/truce/source/klv"
	"github.com/trucewatch/truce/source/kml"
	"github.com/trucewatch/truce/source/mavlink"
	"github.com/trucewatch/truce/source/remoteid"
	"github.com/trucewatch/truce/source/ulog"
)

// movingFormats are the feeds of what flies, sails and drives.
func movingFormats() []format {
	return []format{
		{name: "adsb", about: "aircraft transponders: BaseStation rows, Beast, raw hex", stream: true, opaque: true, infos: one(adsb.Info), decode: decodeADSB},
		{name: "mavlink", about: "telemetry of drones: MAVLink 1 and 2, tlog", stream: true, opaque: true, infos: infosOf(mavlink.Infos), decode: decodeMAVLink},
		{name: "klv", about: "metadata of drone video (MISB ST 0601), bare or in MPEG-TS", stream: true, opaque: true, infos: one(klv.Info), decode: decodeKLV},
		{name: "remoteid", about: "what drones broadcast of themselves (ASTM F3411): captures of Wi-Fi and Bluetooth, bare messages", opaque: true, infos: one(remoteid.Info), decode: decodeRemoteID},
		{name: "ais", about: "ships' transponders: AIVDM sentences (NMEA 0183)", stream: true, opaque: true, infos: one(ais.Info), decode: decodeAIS},
		{name: "asterix", about: "radars and trackers: ASTERIX 1, 2, 21, 34, 48, 62, 65, bare or captured", stream: true, opaque: true, infos: infosOf(asterix.Infos), decode: decodeASTERIX},
		{name: "cot", about: "Cursor on Target: XML events, TAK protocol 1", stream: true, opaque: true, infos: one(cot.Info), decode: decodeCoT},
		{name: "ulog", about: "logs of PX4 drones (ULog)", opaque: true, infos: one(ulog.Info), decode: decodeULog},
		{name: "dataflash", about: "logs of ArduPilot drones (.BIN)", opaque: true, infos: one(dataflash.Info), decode: decodeDataflash},
		{name: "gpx", about: "tracks of receivers (GPX)", opaque: true, infos: one(gpx.Info), decode: decodeGPX},
		{name: "kml", about: "tracks with times (KML, KMZ)", opaque: true, infos: one(kml.Info), decode: decodeKML},
	}
}

// messageFormats lists what `truce decode` prints, in the order of the help text.
func messageFormats() []messageFormat {
	return []messageFormat{
		{"adsb", "aircraft transponders: BaseStation rows, Beast, raw hex", func(r io.Reader, opt importOptions) (nextMessage, error) {
			cfg := opt.adsb(nil)
			return messagesOf[adsb.Message](adsb.NewReader(r, cfg.Options)), cfg.Validate()
		}},
		{"mavlink", "telemetry of drones: MAVLink 1 and 2, tlog", func(r io.Reader, opt importOptions) (nextMessage, error) {
			cfg, err := opt.mavlink(nil)
			return messagesOf[mavlink.Message](mavlink.NewReader(r, cfg.Options)), err
		}},
		{"klv", "metadata of drone video (MISB ST 0601), bare or in MPEG-TS", func(r io.Reader, _ importOptions) (nextMessage, error) {
			return messagesOf[klv.Message](klv.NewReader(r, klv.Options{})), nil
		}},
		{"remoteid", "what drones broadcast of themselves (ASTM F3411): captures of Wi-Fi and Bluetooth, bare messages", func(r io.Reader, opt importOptions) (nextMessage, error) {
			return messagesOf[remoteid.Message](remoteid.NewReader(r, opt.remoteID(nil).Options)), nil
		}},
		{"ais", "ships' transponders: AIVDM sentences (NMEA 0183)", func(r io.Reader, _ importOptions) (nextMessage, error) {
			return messagesOf[ais.Message](ais.NewReader(r, ais.Options{})), nil
		}},
		{"asterix", "radars and trackers: ASTERIX 1, 2, 21, 34, 48, 62, 65, bare or captured", func(r io.Reader, opt importOptions) (nextMessage, error) {
			return messagesOf[asterix.Message](asterix.NewReader(r, opt.asterix(nil).Options)), nil
		}},
		{"cot", "Cursor on Target: XML events, TAK protocol 1", func(r io.Reader, _ importOptions) (nextMessage, error) {
			return messagesOf[cot.Message](cot.NewReader(r, cot.Options{})), nil
		}},
		{"ulog", "logs of PX4 drones (ULog)", func(r io.Reader, _ importOptions) (nextMessage, error) {
			return messagesOf[ulog.Message](ulog.NewReader(r, ulog.Options{})), nil
		}},
		{"dataflash", "logs of ArduPilot drones (.BIN)", func(r io.Reader, _ importOptions) (nextMessage, error) {
			return messagesOf[dataflash.Message](dataflash.NewReader(r, dataflash.Options{})), nil
		}},
		{"gpx", "tracks of receivers (GPX)", func(r io.Reader, _ importOptions) (nextMessage, error) {
			return messagesOf[gpx.Message](gpx.NewReader(r, gpx.Options{})), nil
		}},
		{"kml", "tracks with times (KML, KMZ)", func(r io.Reader, _ importOptions) (nextMessage, error) {
			return messagesOf[kml.Message](kml.NewReader(r, kml.Options{})), nil
		}},
	}
}

func (opt importOptions) adsb(bounds *source.Box) adsb.Config {
	return adsb.Config{
		Options: adsb.Options{Start: opt.start, Reference: opt.near, Now: opt.received},
		Sensor:  truce.SensorID(opt.Sensor), Network: opt.Network, Bounds: bounds,
	}
}

func decodeADSB(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return adsb.Decode(r, file, opt.adsb(bounds), sink)
}

func (opt importOptions) remoteID(bounds *source.Box) remoteid.Config {
	return remoteid.Config{Options: remoteid.Options{Received: opt.start}, Network: opt.Network, Bounds: bounds}
}

func decodeRemoteID(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return remoteid.Decode(r, file, opt.remoteID(bounds), sink)
}

func decodeAIS(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return ais.Decode(r, file, ais.Config{Options: ais.Options{Now: opt.received}, Network: opt.Network, Bounds: bounds}, sink)
}

func (opt importOptions) asterix(bounds *source.Box) asterix.Config {
	cfg := asterix.Config{Options: asterix.Options{Now: opt.received}, Radars: opt.Radars, Network: opt.Network, Bounds: bounds}
	if opt.start != 0 {
		cfg.Day = opt.start.Day()
	}
	return cfg
}

func decodeASTERIX(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return asterix.Decode(r, file, opt.asterix(bounds), sink)
}

func decodeULog(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return ulog.Decode(r, file, ulog.Config{Network: opt.Network, Bounds: bounds}, sink)
}

func decodeDataflash(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return dataflash.Decode(r, file, dataflash.Config{Sensor: truce.SensorID(opt.Sensor), Network: opt.Network, Bounds: bounds}, sink)
}

func decodeCoT(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return cot.Decode(r, file, cot.Config{Network: opt.Network, Bounds: bounds}, sink)
}

func decodeGPX(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return gpx.Decode(r, file, gpx.Config{Network: opt.Network, Bounds: bounds, Class: opt.Class}, sink)
}

func decodeKML(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return kml.Decode(r, file, kml.Config{Network: opt.Network, Bounds: bounds, Class: opt.Class}, sink)
}

// mavlinkKeys is the environment variable with the secrets that signatures are checked with.
const mavlinkKeys = "TRUCE_MAVLINK_KEYS"

func (opt importOptions) mavlink(bounds *source.Box) (mavlink.Config, error) {
	cfg := mavlink.Config{Options: mavlink.Options{Now: opt.received}, Network: opt.Network, Bounds: bounds}
	for _, text := range strings.Fields(os.Getenv(mavlinkKeys)) {
		key, err := hex.DecodeString(text)
		if err != nil || len(key) != 32 {
			return cfg, truce.Errorf(truce.CodeInvalid, "%s: write secrets of 32 bytes as 64 hexadecimal digits, with spaces between", mavlinkKeys)
		}
		cfg.Keys = append(cfg.Keys, key)
	}
	return cfg, nil
}

func decodeMAVLink(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	cfg, err := opt.mavlink(bounds)
	if err != nil {
		return err
	}
	return mavlink.Decode(r, file, cfg, sink)
}

func infosOf(infos func() []truce.SourceInfo) func(importOptions) []truce.SourceInfo {
	return func(importOptions) []truce.SourceInfo { return infos() }
}

func decodeKLV(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return klv.Decode(r, file, klv.Config{Network: opt.Network, Bounds: bounds}, sink)
}
