package klv

// The tags that the program itself asks for.
const (
	TagChecksum     = 1
	TagTime         = 2
	TagMissionID    = 3
	TagTailNumber   = 4
	TagHeading      = 5
	TagDesignation  = 10
	TagSensorLat    = 13
	TagSensorLon    = 14
	TagSensorAlt    = 15
	TagSlantRange   = 21
	TagFrameLat     = 23
	TagFrameLon     = 24
	TagOffsetLat1   = 26 // longitude behind it, then the next corner
	TagTargetLat    = 40
	TagTargetLon    = 41
	TagTargetAlt    = 42
	TagTargetCE90   = 45
	TagTargetLE90   = 46
	TagFlags        = 47
	TagSecurity     = 48
	TagClimb        = 51
	TagGroundSpeed  = 56
	TagCallSign     = 59
	TagVMTI         = 74
	TagSensorHeight = 75
	TagNorth        = 79
	TagEast         = 80
	TagCornerLat1   = 82 // longitude behind it, then the next corner
	TagHeightMore   = 104
	TagCourse       = 112
	TagSatellites   = 123
	TagPositioning  = 124
	TagLeapSeconds  = 136
)

// form is how a value is written.
type form uint8

const (
	formNone  form = iota // of no known tag
	formUint              // unsigned number
	formInt               // signed number
	formScale             // unsigned number that divides low to high evenly
	formSpan              // signed number that does; its least value says that nothing is known
	formIMAPB             // ST 1201
	formText              // UTF-8
	formSet               // a nested set that is read
	formRaw               // a nested set or list that is not read
)

// tag is what is known of one: its name in JSON, which ends in the unit, its form, its length
// in bytes (0: any) and the range of its values.
type tag struct {
	name      string
	form      form
	size      int
	low, high float64
}

// tags by their numbers, of MISB ST 0601.17.
var tags = [...]tag{
	1:   {"checksum", formUint, 2, 0, 0},
	2:   {"precision_time_stamp_us", formUint, 8, 0, 0},
	3:   {"mission_id", formText, 0, 0, 0},
	4:   {"platform_tail_number", formText, 0, 0, 0},
	5:   {"platform_heading_deg", formScale, 2, 0, 360},
	6:   {"platform_pitch_deg", formSpan, 2, -20, 20},
	7:   {"platform_roll_deg", formSpan, 2, -50, 50},
	8:   {"platform_true_airspeed_mps", formUint, 1, 0, 0},
	9:   {"platform_indicated_airspeed_mps", formUint, 1, 0, 0},
	10:  {"platform_designation", formText, 0, 0, 0},
	11:  {"image_source_sensor", formText, 0, 0, 0},
	12:  {"image_coordinate_system", formText, 0, 0, 0},
	13:  {"sensor_lat_deg", formSpan, 4, -90, 90},
	14:  {"sensor_lon_deg", formSpan, 4, -180, 180},
	15:  {"sensor_altitude_msl_m", formScale, 2, -900, 19_000},
	16:  {"sensor_horizontal_fov_deg", formScale, 2, 0, 180},
	17:  {"sensor_vertical_fov_deg", formScale, 2, 0, 180},
	18:  {"sensor_relative_azimuth_deg", formScale, 4, 0, 360},
	19:  {"sensor_relative_elevation_deg", formSpan, 4, -180, 180},
	20:  {"sensor_relative_roll_deg", formScale, 4, 0, 360},
	21:  {"slant_range_m", formScale, 4, 0, 5_000_000},
	22:  {"target_width_m", formScale, 2, 0, 10_000},
	23:  {"frame_center_lat_deg", formSpan, 4, -90, 90},
	24:  {"frame_center_lon_deg", formSpan, 4, -180, 180},
	25:  {"frame_center_elevation_msl_m", formScale, 2, -900, 19_000},
	26:  {"offset_corner_1_lat_deg", formSpan, 2, -0.075, 0.075},
	27:  {"offset_corner_1_lon_deg", formSpan, 2, -0.075, 0.075},
	28:  {"offset_corner_2_lat_deg", formSpan, 2, -0.075, 0.075},
	29:  {"offset_corner_2_lon_deg", formSpan, 2, -0.075, 0.075},
	30:  {"offset_corner_3_lat_deg", formSpan, 2, -0.075, 0.075},
	31:  {"offset_corner_3_lon_deg", formSpan, 2, -0.075, 0.075},
	32:  {"offset_corner_4_lat_deg", formSpan, 2, -0.075, 0.075},
	33:  {"offset_corner_4_lon_deg", formSpan, 2, -0.075, 0.075},
	34:  {"icing_detected", formUint, 1, 0, 0},
	35:  {"wind_direction_deg", formScale, 2, 0, 360},
	36:  {"wind_speed_mps", formScale, 1, 0, 100},
	37:  {"static_pressure_hpa", formScale, 2, 0, 5000},
	38:  {"density_altitude_m", formScale, 2, -900, 19_000},
	39:  {"outside_air_temperature_c", formInt, 1, 0, 0},
	40:  {"target_lat_deg", formSpan, 4, -90, 90},
	41:  {"target_lon_deg", formSpan, 4, -180, 180},
	42:  {"target_elevation_msl_m", formScale, 2, -900, 19_000},
	43:  {"target_gate_width_px", formScale, 1, 0, 510},
	44:  {"target_gate_height_px", formScale, 1, 0, 510},
	45:  {"target_ce90_m", formScale, 2, 0, 4095},
	46:  {"target_le90_m", formScale, 2, 0, 4095},
	47:  {"generic_flags", formUint, 1, 0, 0},
	48:  {"security", formSet, 0, 0, 0},
	49:  {"differential_pressure_hpa", formScale, 2, 0, 5000},
	50:  {"platform_angle_of_attack_deg", formSpan, 2, -20, 20},
	51:  {"platform_vertical_speed_mps", formSpan, 2, -180, 180},
	52:  {"platform_sideslip_deg", formSpan, 2, -20, 20},
	53:  {"airfield_pressure_hpa", formScale, 2, 0, 5000},
	54:  {"airfield_elevation_m", formScale, 2, -900, 19_000},
	55:  {"relative_humidity_percent", formScale, 1, 0, 100},
	56:  {"platform_ground_speed_mps", formUint, 1, 0, 0},
	57:  {"ground_range_m", formScale, 4, 0, 5_000_000},
	58:  {"platform_fuel_kg", formScale, 2, 0, 10_000},
	59:  {"platform_call_sign", formText, 0, 0, 0},
	60:  {"weapon_load", formUint, 2, 0, 0},
	61:  {"weapon_fired", formUint, 1, 0, 0},
	62:  {"laser_prf_code", formUint, 2, 0, 0},
	63:  {"sensor_fov_name", formUint, 1, 0, 0},
	64:  {"platform_magnetic_heading_deg", formScale, 2, 0, 360},
	65:  {"st0601_version", formUint, 1, 0, 0},
	67:  {"alternate_platform_lat_deg", formSpan, 4, -90, 90},
	68:  {"alternate_platform_lon_deg", formSpan, 4, -180, 180},
	69:  {"alternate_platform_altitude_msl_m", formScale, 2, -900, 19_000},
	70:  {"alternate_platform_name", formText, 0, 0, 0},
	71:  {"alternate_platform_heading_deg", formScale, 2, 0, 360},
	72:  {"event_start_time_us", formUint, 8, 0, 0},
	73:  {"rvt", formRaw, 0, 0, 0},
	74:  {"vmti", formSet, 0, 0, 0},
	75:  {"sensor_height_ellipsoid_m", formScale, 2, -900, 19_000},
	76:  {"alternate_platform_height_ellipsoid_m", formScale, 2, -900, 19_000},
	77:  {"operational_mode", formUint, 1, 0, 0},
	78:  {"frame_center_height_ellipsoid_m", formScale, 2, -900, 19_000},
	79:  {"sensor_north_velocity_mps", formSpan, 2, -327, 327},
	80:  {"sensor_east_velocity_mps", formSpan, 2, -327, 327},
	81:  {"image_horizon", formRaw, 0, 0, 0},
	82:  {"corner_1_lat_deg", formSpan, 4, -90, 90},
	83:  {"corner_1_lon_deg", formSpan, 4, -180, 180},
	84:  {"corner_2_lat_deg", formSpan, 4, -90, 90},
	85:  {"corner_2_lon_deg", formSpan, 4, -180, 180},
	86:  {"corner_3_lat_deg", formSpan, 4, -90, 90},
	87:  {"corner_3_lon_deg", formSpan, 4, -180, 180},
	88:  {"corner_4_lat_deg", formSpan, 4, -90, 90},
	89:  {"corner_4_lon_deg", formSpan, 4, -180, 180},
	90:  {"platform_pitch_full_deg", formSpan, 4, -90, 90},
	91:  {"platform_roll_full_deg", formSpan, 4, -90, 90},
	92:  {"platform_angle_of_attack_full_deg", formSpan, 4, -90, 90},
	93:  {"platform_sideslip_full_deg", formSpan, 4, -180, 180},
	94:  {"miis_core_id", formRaw, 0, 0, 0},
	95:  {"sar_motion_imagery", formRaw, 0, 0, 0},
	96:  {"target_width_extended_m", formIMAPB, 0, 0, 1_500_000},
	97:  {"range_image", formRaw, 0, 0, 0},
	98:  {"georegistration", formRaw, 0, 0, 0},
	99:  {"composite_imaging", formRaw, 0, 0, 0},
	100: {"segment", formRaw, 0, 0, 0},
	101: {"amend", formRaw, 0, 0, 0},
	102: {"sdcc", formRaw, 0, 0, 0},
	103: {"density_altitude_extended_m", formIMAPB, 0, -900, 40_000},
	104: {"sensor_height_ellipsoid_extended_m", formIMAPB, 0, -900, 40_000},
	105: {"alternate_platform_height_ellipsoid_extended_m", formIMAPB, 0, -900, 40_000},
	106: {"stream_designator", formText, 0, 0, 0},
	107: {"operational_base", formText, 0, 0, 0},
	108: {"broadcast_source", formText, 0, 0, 0},
	109: {"range_to_recovery_km", formIMAPB, 0, 0, 21_000},
	110: {"time_airborne_s", formUint, 0, 0, 0},
	111: {"propulsion_speed_rpm", formUint, 0, 0, 0},
	112: {"platform_course_deg", formIMAPB, 0, 0, 360},
	113: {"altitude_agl_m", formIMAPB, 0, -900, 40_000},
	114: {"radar_altimeter_m", formIMAPB, 0, -900, 40_000},
	115: {"control_command", formRaw, 0, 0, 0},
	116: {"control_command_verification", formRaw, 0, 0, 0},
	117: {"sensor_azimuth_rate_dps", formIMAPB, 0, -1000, 1000},
	118: {"sensor_elevation_rate_dps", formIMAPB, 0, -1000, 1000},
	119: {"sensor_roll_rate_dps", formIMAPB, 0, -1000, 1000},
	120: {"storage_used_percent", formIMAPB, 0, 0, 100},
	121: {"active_wavelengths", formRaw, 0, 0, 0},
	122: {"country_codes", formRaw, 0, 0, 0},
	123: {"navsats_in_view", formUint, 1, 0, 0},
	124: {"positioning_method", formUint, 1, 0, 0},
	125: {"platform_status", formUint, 1, 0, 0},
	126: {"sensor_control_mode", formUint, 1, 0, 0},
	127: {"sensor_frame_rate", formRaw, 0, 0, 0},
	128: {"wavelengths", formRaw, 0, 0, 0},
	129: {"target_id", formText, 0, 0, 0},
	130: {"airbase_locations", formRaw, 0, 0, 0},
	131: {"take_off_time_us", formUint, 0, 0, 0},
	132: {"transmission_frequency_mhz", formIMAPB, 0, 1, 99_999},
	133: {"storage_capacity_gb", formUint, 0, 0, 0},
	134: {"zoom_percent", formIMAPB, 0, 0, 100},
	135: {"communications_method", formText, 0, 0, 0},
	136: {"leap_seconds", formInt, 0, 0, 0},
	137: {"correction_offset_us", formInt, 0, 0, 0},
	138: {"payloads", formRaw, 0, 0, 0},
	139: {"active_payloads", formRaw, 0, 0, 0},
	140: {"weapons_stores", formRaw, 0, 0, 0},
	141: {"waypoints", formRaw, 0, 0, 0},
	142: {"view_domain", formRaw, 0, 0, 0},
	143: {"metadata_substream", formRaw, 0, 0, 0},
}

// tagOf is what is known of a tag; that of number 0: nothing.
func tagOf(number uint32) *tag {
	if number >= uint32(len(tags)) {
		number = 0
	}
	return &tags[number]
}

// TagName is the name of a tag in JSON, "" when it is of no edition.
func TagName(number uint32) string { return tagOf(number).name }
