package app

import (
	"encoding/hex"
	"io"
	"os"
	"slices"
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
		{name: "adsb", about: "aircraft transponders: BaseStation rows, Beast, raw hex", stream: true, infos: one(adsb.Info), decode: decodeADSB, messages: messagesOfADSB},
		{name: "mavlink", about: "telemetry of drones: MAVLink 1 and 2, tlog", stream: true, infos: infosOf(mavlink.Infos), decode: decodeMAVLink, messages: messagesOfMAVLink},
		{name: "klv", about: "metadata of drone video (MISB ST 0601), bare or in MPEG-TS", stream: true, infos: one(klv.Info), decode: decodeKLV, messages: messagesOfKLV},
		{name: "remoteid", about: "what drones broadcast of themselves (ASTM F3411): captures of Wi-Fi and Bluetooth, bare messages", infos: one(remoteid.Info), decode: decodeRemoteID, messages: messagesOfRemoteID},
		{name: "ais", about: "ships' transponders: AIVDM sentences (NMEA 0183)", stream: true, infos: one(ais.Info), decode: decodeAIS, messages: messagesOfAIS},
		{name: "asterix", about: "radars and trackers: ASTERIX 1, 2, 21, 34, 48, 62, 65, bare or captured", stream: true, infos: infosOf(asterix.Infos), decode: decodeASTERIX, messages: messagesOfASTERIX},
		{name: "cot", about: "Cursor on Target: XML events, TAK protocol 1", stream: true, infos: one(cot.Info), decode: decodeCoT, messages: messagesOfCoT},
		{name: "ulog", about: "logs of PX4 drones (ULog)", infos: one(ulog.Info), decode: decodeULog, messages: messagesOfULog},
		{name: "dataflash", about: "logs of ArduPilot drones (.BIN)", infos: one(dataflash.Info), decode: decodeDataflash, messages: messagesOfDataflash},
		{name: "gpx", about: "tracks of receivers (GPX)", infos: one(gpx.Info), decode: decodeGPX, messages: messagesOfGPX},
		{name: "kml", about: "tracks with times (KML, KMZ)", infos: one(kml.Info), decode: decodeKML, messages: messagesOfKML},
	}
}

// messageFormats are the formats whose messages `truce decode` prints.
func messageFormats() []format {
	return slices.DeleteFunc(formats(), func(f format) bool { return f.messages == nil })
}

func (opt importOptions) adsb(bounds *source.Box) adsb.Config {
	return adsb.Config{
		Options: adsb.Options{Start: opt.start, Reference: opt.near, Now: opt.received},
		Sensor:  truce.SensorID(opt.Sensor), Network: opt.Network, Bounds: bounds,
	}
}

func messagesOfADSB(r io.Reader, opt importOptions) (nextMessage, error) {
	cfg := opt.adsb(nil)
	return messagesOf[adsb.Message](adsb.NewReader(r, cfg.Options)), cfg.Validate()
}

func decodeADSB(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return adsb.Decode(r, file, opt.adsb(bounds), sink)
}

func (opt importOptions) remoteID(bounds *source.Box) remoteid.Config {
	return remoteid.Config{Options: remoteid.Options{Received: opt.start}, Network: opt.Network, Bounds: bounds}
}

func messagesOfRemoteID(r io.Reader, opt importOptions) (nextMessage, error) {
	return messagesOf[remoteid.Message](remoteid.NewReader(r, opt.remoteID(nil).Options)), nil
}

func decodeRemoteID(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return remoteid.Decode(r, file, opt.remoteID(bounds), sink)
}

func messagesOfAIS(r io.Reader, _ importOptions) (nextMessage, error) {
	return messagesOf[ais.Message](ais.NewReader(r, ais.Options{})), nil
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

func messagesOfASTERIX(r io.Reader, opt importOptions) (nextMessage, error) {
	return messagesOf[asterix.Message](asterix.NewReader(r, opt.asterix(nil).Options)), nil
}

func decodeASTERIX(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return asterix.Decode(r, file, opt.asterix(bounds), sink)
}

func messagesOfULog(r io.Reader, _ importOptions) (nextMessage, error) {
	return messagesOf[ulog.Message](ulog.NewReader(r, ulog.Options{})), nil
}

func decodeULog(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return ulog.Decode(r, file, ulog.Config{Network: opt.Network, Bounds: bounds}, sink)
}

func messagesOfDataflash(r io.Reader, _ importOptions) (nextMessage, error) {
	return messagesOf[dataflash.Message](dataflash.NewReader(r, dataflash.Options{})), nil
}

func decodeDataflash(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return dataflash.Decode(r, file, dataflash.Config{Sensor: truce.SensorID(opt.Sensor), Network: opt.Network, Bounds: bounds}, sink)
}

func messagesOfCoT(r io.Reader, _ importOptions) (nextMessage, error) {
	return messagesOf[cot.Message](cot.NewReader(r, cot.Options{})), nil
}

func decodeCoT(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return cot.Decode(r, file, cot.Config{Network: opt.Network, Bounds: bounds}, sink)
}

func messagesOfGPX(r io.Reader, _ importOptions) (nextMessage, error) {
	return messagesOf[gpx.Message](gpx.NewReader(r, gpx.Options{})), nil
}

func decodeGPX(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return gpx.Decode(r, file, gpx.Config{Network: opt.Network, Bounds: bounds, Class: opt.Class}, sink)
}

func messagesOfKML(r io.Reader, _ importOptions) (nextMessage, error) {
	return messagesOf[kml.Message](kml.NewReader(r, kml.Options{})), nil
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

func messagesOfMAVLink(r io.Reader, opt importOptions) (nextMessage, error) {
	cfg, err := opt.mavlink(nil)
	return messagesOf[mavlink.Message](mavlink.NewReader(r, cfg.Options)), err
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

func messagesOfKLV(r io.Reader, _ importOptions) (nextMessage, error) {
	return messagesOf[klv.Message](klv.NewReader(r, klv.Options{})), nil
}

func decodeKLV(r io.Reader, file string, opt importOptions, bounds *source.Box, sink truce.Sink) error {
	return klv.Decode(r, file, klv.Config{Network: opt.Network, Bounds: bounds}, sink)
}
