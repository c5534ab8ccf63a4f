package asterix

// Categories 021 and 062 have a file of their own: they are the longest.

const layout021 = `
edition 2.6 2021-12-21
uap 010 040 161 015 071 130 131 072 150 151 080 073 074 075 076 140 090 210 070 230 145 152 200 155 157 160 165 077 170 020 220 146 148 110 016 008 271 132 250 260 400 295 - - - - - RE SP
must 010 040 080
008 fix ra:1 tc:2 ts:1 arv:1 cdtia:1 nottcas:1 sa:1
010 fix sac:8@sac sic:8@sic
015 fix service:8
016 fix period_s:8*1/2
020 fix category:8
040 ext atp:3@atp arc:2 rc:1 rab:1 | dcr:1 gbs:1@ground sim:1@sim tst:1@test saa:1 cl:2 | -:1 llc:1 ipc:1 nogo:1 cpr:1 ldpj:1 rcf:1 | tbc_ep:1 tbc_val:6 | mbc_ep:1 mbc_val:6
070 fix -:4 mode3a:12=oct@squawk
071 fix applies_s:24*1/128@tod
072 fix applies_s:24*1/128
073 fix received_s:24*1/128@tod2
074 fix fsi:2 tomrp_s:30*1/1073741824
075 fix received_s:24*1/128
076 fix fsi:2 tomrp_s:30*1/1073741824
077 fix sent_s:24*1/128@tod3
080 fix address:24=hex@address
090 ext nucrnacv:3 nucpnic:4@nucp | nicbaro:1 sil:2 nacp:4@nacp | -:2 sils:1 sda:2 gva:2 | pic:4 -:3
110 comp tis tid
  tis ext nav:1 nvb:1 -:5
  tid rep tca:1 nc:1 tcpn:6 alt_ft:16s*10 lat_deg:24s*45/2097152 lon_deg:24s*45/2097152 pt:4 td:2 tra:1 toa:1 tov_s:24 ttr_nm:16*1/100
130 fix lat_deg:24s*45/2097152@lat lon_deg:24s*45/2097152@lon
131 fix lat_deg:32s*45/268435456@lat lon_deg:32s*45/268435456@lon
132 fix power_dbm:8s
140 fix height_ft:16s*25/4@height
145 fix level_fl:16s*1/4@fl
146 fix sas:1 s:2 alt_ft:13s*25
148 fix mv:1 ah:1 am:1 alt_ft:13s*25
150 fix im:1 as_raw:15
151 fix re:1 tas_kt:15
152 fix heading_deg:16*45/8192
155 fix re:1@v bvr_ft_min:15s*25/4@climb
157 fix re:1@v gvr_ft_min:15s*25/4@climb
160 fix re:1@v gs_nmps:15*1/16384@speed ta_deg:16*45/8192@course
161 fix -:4 trnum:12@track
165 fix -:6 tar_degps:10s*1/32
170 fix callsign:48=ia5@callsign
200 fix icf:1 lnav:1 me:1 ps:3 ss:2
210 fix -:1 vns:1 vn:3@vn ltt:3
220 comp ws wd tmp trb
  ws fix ws_kt:16
  wd fix wd_deg:16
  tmp fix tmp_degc:16s*1/4
  trb fix trb:8
230 fix roll_deg:16s*1/100
250 rep register:64=hex
260 fix typ:5 styp:3 ara:14 rac:4 rat:1 mte:1 tti:2 tid:26
271 ext -:2 poa:1 cdtis:1 b2low:1 ras:1 ident:1 | lw:4 -:3
295 comp aos trd m3a qi ti1 mam gh fl sal fsa as tas mh bvr gvr gv tar ti2 ts met roa ara scc
  aos fix aos_s:8*1/10
  trd fix trd_s:8*1/10
  m3a fix m3a_s:8*1/10
  qi fix qi_s:8*1/10
  ti1 fix ti1_s:8*1/10
  mam fix mam_s:8*1/10
  gh fix gh_s:8*1/10
  fl fix fl_s:8*1/10
  sal fix sal_s:8*1/10
  fsa fix fsa_s:8*1/10
  as fix as_s:8*1/10
  tas fix tas_s:8*1/10
  mh fix mh_s:8*1/10
  bvr fix bvr_s:8*1/10
  gvr fix gvr_s:8*1/10
  gv fix gv_s:8*1/10
  tar fix tar_s:8*1/10
  ti2 fix ti2_s:8*1/10
  ts fix ts_s:8*1/10
  met fix met_s:8*1/10
  roa fix roa_s:8*1/10
  ara fix ara_s:8*1/10
  scc fix scc_s:8*1/10
400 fix receiver:8
RE exp
SP exp
`

const layout062 = `
edition 1.20 2023-02-13
uap 010 - 015 070 105 100 185 210 060 245 380 040 080 290 200 295 136 130 135 220 390 270 300 110 120 510 500 340 - - - - - RE SP
must 010 040 070 080
010 fix sac:8@sac sic:8@sic
015 fix service:8
040 fix track:16@track
060 fix v:1@v g:1@g ch:1 -:1 mode3a:12=oct@squawk
070 fix tod_s:24*1/128@tod
080 ext mon:1 spi:1 mrh:1 src:3 cnf:1 | sim:1@sim tse:1 tsb:1 fpc:1 aff:1 stp:1 kos:1 | ama:1 md4:2 me:1 mi:1 md5:2 | cst:1 psr:1 ssr:1 mds:1 ads:1 suc:1 aac:1 | sds:2 ems:3 pft:1 fplt:1 | dupt:1 dupf:1 dupm:1 sfc:1 idd:1 iec:1 mlat:1
100 fix x_m:24s*1/2@xm y_m:24s*1/2@ym
105 fix lat_deg:32s*45/8388608@lat lon_deg:32s*45/8388608@lon
110 comp sum pmn pos ga em1 tos xp
  sum fix m5:1 id:1 da:1 m1:1 m2:1 m3:1 mc:1 x:1
  pmn fix -:2 pin:14 -:3 nat:5 -:2 mis:6
  pos fix lat_deg:24s*45/2097152 lon_deg:24s*45/2097152
  ga fix -:1 res:1 ga_ft:14s*25
  em1 fix -:4 em1:12=oct
  tos fix tos_s:8s*1/128
  xp fix -:3 x5:1 xc:1 x3:1 x2:1 x1:1
120 fix -:4 mode2:12=oct
130 fix altitude_ft:16s*25/4@height
135 fix qnh:1 ctb_fl:15s*1/4
136 fix measured_fl:16s*1/4@fl
185 fix vx_mps:16s*1/4@vx vy_mps:16s*1/4@vy
200 fix trans:2 long:2 vert:2 adf:1 -:1
210 fix ax_mps2:8s*1/4 ay_mps2:8s*1/4
220 fix climb_ft_min:16s*25/4@climb
245 fix sti:2 -:6 chr:48=ia5@callsign2
270 ext length_m:7 | orientation_deg:7*45/16 | width_m:7
290 comp trk psr ssr mds ads es vdl uat lop mlt
  trk fix trk_s:8*1/4
  psr fix psr_s:8*1/4
  ssr fix ssr_s:8*1/4
  mds fix mds_s:8*1/4
  ads fix ads_s:16*1/4
  es fix es_s:8*1/4
  vdl fix vdl_s:8*1/4
  uat fix uat_s:8*1/4
  lop fix lop_s:8*1/4
  mlt fix mlt_s:8*1/4
295 comp mfl md1 md2 mda md4 md5 mhg ias tas sal fss tid com sab acs bvr gvr ran tar tan gsp vun met emc pos gal pun mb iar mac bps
  mfl fix mfl_s:8*1/4
  md1 fix md1_s:8*1/4
  md2 fix md2_s:8*1/4
  mda fix mda_s:8*1/4
  md4 fix md4_s:8*1/4
  md5 fix md5_s:8*1/4
  mhg fix mhg_s:8*1/4
  ias fix ias_s:8*1/4
  tas fix tas_s:8*1/4
  sal fix sal_s:8*1/4
  fss fix fss_s:8*1/4
  tid fix tid_s:8*1/4
  com fix com_s:8*1/4
  sab fix sab_s:8*1/4
  acs fix acs_s:8*1/4
  bvr fix bvr_s:8*1/4
  gvr fix gvr_s:8*1/4
  ran fix ran_s:8*1/4
  tar fix tar_s:8*1/4
  tan fix tan_s:8*1/4
  gsp fix gsp_s:8*1/4
  vun fix vun_s:8*1/4
  met fix met_s:8*1/4
  emc fix emc_s:8*1/4
  pos fix pos_s:8*1/4
  gal fix gal_s:8*1/4
  pun fix pun_s:8*1/4
  mb fix mb_s:8*1/4
  iar fix iar_s:8*1/4
  mac fix mac_s:8*1/4
  bps fix bps_s:8*1/4
300 fix fleet:8
340 comp sid pos height mdc mda typ
  sid fix sac:8 sic:8
  pos fix rho_nm:16*1/256 theta_deg:16*45/8192
  height fix height_ft:16s*25
  mdc fix v:1 g:1 lmc_fl:14s*1/4
  mda fix v:1 g:1 l:1 -:1 mode3a:12=oct
  typ fix typ:3 sim:1 rab:1 tst:1 -:2
380 comp adr id mhg ias tas sal fss tis tid com sab acs bvr gvr ran tar tan gs vun met emc pos gal pun bdsdata iar mac bps
  adr fix adr:24=hex@address
  id fix id:48=ia5@callsign
  mhg fix mhg_deg:16*45/8192
  ias fix im:1 ias_raw:15
  tas fix tas_kt:16
  sal fix sas:1 src:2 alt_ft:13s*25
  fss fix mv:1 ah:1 am:1 alt_ft:13s*25
  tis ext nav:1 nvb:1 -:5
  tid rep tca:1 nc:1 tcpn:6 alt_ft:16s*10 lat_deg:24s*45/2097152 lon_deg:24s*45/2097152 pt:4 td:2 tra:1 toa:1 tov_s:24 ttr_nm:16*1/100
  com fix com:3 stat:3 -:2 ssc:1 arc:1 aic:1 b1a:1 b1b:4
  sab fix ac:2 mn:2 dc:2 gbs:1 -:6 stat:3
  acs fix acs:56=hex
  bvr fix bvr_ft_min:16s*25/4
  gvr fix gvr_ft_min:16s*25/4
  ran fix ran_deg:16s*1/100
  tar fix ti:2 -:6 rot_degps:7s*1/4 -:1
  tan fix tan_deg:16*45/8192
  gs fix gs_nmps:16s*1/16384
  vun fix vun:8
  met fix ws:1 wd:1 tmp:1 trb:1 -:4 wsd_kt:16 wdd_deg:16 tmpd_degc:16s*1/4 trbd:8
  emc fix emc:8
  pos fix lat_deg:24s*45/2097152 lon_deg:24s*45/2097152
  gal fix gal_ft:16s*25/4
  pun fix -:4 pun:4
  bdsdata rep bdsdata:64=hex
  iar fix iar_kt:16
  mac fix mac_mach:16*1/125
  bps fix -:4 bps_hpa:12*1/10
390 comp tag cs ifi fct tac wtc dep dst rds cfl ctl tod ast sts std sta pem pec
  tag fix sac:8 sic:8
  cs fix cs:56=asc
  ifi fix typ:2 -:3 nbr:27
  fct fix gatoat:2 fr1fr2:2 rvsm:2 hpr:1 -:1
  tac fix tac:32=asc
  wtc fix wtc:8=asc
  dep fix dep:32=asc
  dst fix dst:32=asc
  rds fix nu1:8=asc nu2:8=asc ltr:8=asc
  cfl fix cfl_fl:16*1/4
  ctl fix centre:8 position:8
  tod rep typ:5 day:2 -:4 hor:5 -:2 min:6 avs:1 -:1 sec:6
  ast fix ast:48=asc
  sts fix emp:2 avl:2 -:4
  std fix std:56=asc
  sta fix sta:56=asc
  pem fix -:3 va:1 mode3a:12=oct
  pec fix pec:56=asc
500 comp apc cov apw aga aba atv aa arc
  apc fix x_m:16*1/2@sigx y_m:16*1/2@sigy
  cov fix cov_m:16s*1/2
  apw fix lat_deg:16*45/8388608@siglat lon_deg:16*45/8388608@siglon
  aga fix aga_ft:8*25/4
  aba fix aba_fl:8*1/4
  atv fix x_mps:8*1/4 y_mps:8*1/4
  aa fix x_mps2:8*1/4 y_mps2:8*1/4
  arc fix arc_ft_min:8*25/4
510 fx ident:8 track:15
RE exp
SP exp
`
