package asterix

// The layouts below are facts of the EUROCONTROL specifications of each category, in the edition
// that the first line names, made from their machine-readable form of the project asterix-specs.
// spec.go says how a line is read; names are those of the specifications in small letters with
// their unit.
const layout001 = `
edition 1.4 2022-08-18
uap.plot 010 020 040 070 090 130 141 050 120 131 080 100 060 030 150 - - - - SP rfs
uap.track 010 020 161 040 042 200 070 090 141 130 131 120 170 210 050 080 100 060 030 SP rfs 150
must 010 020
010 fix sac:8@sac sic:8@sic
020 ext typ:1@track001 sim:1@sim ssrpsr:2@seen001 ant:1 spi:1 rab:1 | tst:1@test ds1ds2:2 me:1 mi:1 -:2
030 fx warning:7
040 fix rho_nm:16*1/128@rho theta_deg:16*45/8192@theta
042 fix x_nm:16s*1/64@xnm y_nm:16s*1/64@ynm
050 fix v:1 g:1 l:1 -:1 mode2:12=oct
060 fix -:4 qa4:1 qa2:1 qa1:1 qb4:1 qb2:1 qb1:1 qc4:1 qc2:1 qc1:1 qd4:1 qd2:1 qd1:1
070 fix v:1@v g:1@g l:1 -:1 mode3a:12=oct@squawk
080 fix -:4 qa4:1 qa2:1 qa1:1 qb4:1 qb2:1 qb1:1 qc4:1 qc2:1 qc1:1 qd4:1 qd2:1 qd1:1
090 fix v:1@v g:1@g hgt_fl:14s*1/4@fl
100 fix v:1 g:1 -:2 modec:12 -:4 qc1:1 qa1:1 qc2:1 qa2:1 qc4:1 qa4:1 qb1:1 qd1:1 qb2:1 qd2:1 qb4:1 qd4:1
120 fix radial_nmps:8s*1/256@radial
130 fx character:7
131 fix power_dbm:8s
141 fix time_s:16*1/128@tod16
150 fix xa:1 -:1 xc:1 -:2 x2:1 -:2
161 fix track:16@track
170 ext con:1 rad:1 man:1 dou:1 rdpc:1 -:1 gho:1 | tre:1 -:6
200 fix gsp_nmps:16*1/16384@speed hdg_deg:16*45/8192@course
210 fx quality:7
SP exp
`

const layout002 = `
edition 1.2 2024-03-15
uap 010 000 020 030 041 050 060 070 100 090 080 - SP rfs
must 010 000
000 fix type:8@type
010 fix sac:8@sac sic:8@sic
020 fix sector_deg:8*45/32
030 fix tod_s:24*1/128@tod
041 fix rotation_s:16*1/128
050 fx station:7
060 fx processing:7
070 rep a:1 ident:5 counter:10
080 fx warning:7
090 fix re_nm:8s*1/128 ae_deg:8s*45/2048
100 fix rs_nm:16*1/128 re_nm:16*1/128 ts_deg:16*45/8192 te_deg:16*45/8192
SP exp
`

const layout034 = `
edition 1.29 2021-03-15
uap 010 000 030 020 041 050 060 070 100 110 120 090 RE SP
must 010 000
000 fix type:8@type
010 fix sac:8@sac sic:8@sic
020 fix sector_deg:8*45/32
030 fix tod_s:24*1/128@tod
041 fix rotation_s:16*1/128
050 comp com - - psr ssr mds
  com fix nogo:1 rdpc:1 rdpr:1 ovlrdp:1 ovlxmt:1 msc:1 tsv:1 -:1
  psr fix ant:1 chab:2 ovl:1 msc:1 -:3
  ssr fix ant:1 chab:2 ovl:1 msc:1 -:3
  mds fix ant:1 chab:2 ovlsur:1 msc:1 scf:1 dlf:1 ovlscf:1 ovldlf:1 -:7
060 comp com - - psr ssr mds
  com fix -:1 redrdp:3 redxmt:3 -:1
  psr fix pol:1 redrad:3 stc:2 -:2
  ssr fix redrad:3 -:5
  mds fix redrad:3 clu:1 -:4
070 rep typ:5 count:11
090 fix rng_nm:8s*1/128 azm_deg:8s*45/2048
100 fix rhost_nm:16*1/256 rhoend_nm:16*1/256 thetast_deg:16*45/8192 thetaend_deg:16*45/8192
110 fix filter:8
120 fix hgt_m:16s lat_deg:24s*45/2097152 lon_deg:24s*45/2097152
RE exp
SP exp
`

const layout048 = `
edition 1.32 2024-07-01
uap 010 140 020 040 070 090 130 220 240 250 161 042 200 170 210 030 080 100 110 120 230 260 055 050 065 060 SP RE
must 010 140 020
010 fix sac:8@sac sic:8@sic
020 ext typ:3@seen048 sim:1@sim rdp:1 spi:1 rab:1 | tst:1@test err:1 xpp:1 me:1 mi:1 foefri:2 | adsb_ep:1 adsb_val:1 scn_ep:1 scn_val:1 pai_ep:1 pai_val:1 -:1 | acasxv_ep:1 acasxv_val:4 poxpr_ep:1 poxpr_val:1 | poact_ep:1 poact_val:1 dtfxpr_ep:1 dtfxpr_val:1 dtfact_ep:1 dtfact_val:1 -:1 | irmxpr_ep:1 irmxpr_val:1 irmact_ep:1 irmact_val:1 -:3
030 fx warning:7
040 fix rho_nm:16*1/256@rho theta_deg:16*45/8192@theta
042 fix x_nm:16s*1/128@xnm y_nm:16s*1/128@ynm
050 fix v:1 g:1 l:1 -:1 mode2:12=oct
055 fix v:1 g:1 l:1 mode1:5
060 fix -:4 qa4:1 qa2:1 qa1:1 qb4:1 qb2:1 qb1:1 qc4:1 qc2:1 qc1:1 qd4:1 qd2:1 qd1:1
065 fix -:3 qa4:1 qa2:1 qa1:1 qb2:1 qb1:1
070 fix v:1@v g:1@g l:1 -:1 mode3a:12=oct@squawk
080 fix -:4 qa4:1 qa2:1 qa1:1 qb4:1 qb2:1 qb1:1 qc4:1 qc2:1 qc1:1 qd4:1 qd2:1 qd1:1
090 fix v:1@v g:1@g fl:14s*1/4@fl
100 fix v:1 g:1 -:2 modec:12 -:4 qc1:1 qa1:1 qc2:1 qa2:1 qc4:1 qa4:1 qb1:1 qd1:1 qb2:1 qd2:1 qb4:1 qd4:1
110 fix -:2 3dh_ft:14s*25@height
120 comp cal rds
  cal fix d:1@v -:5 cal_mps:10s@doppler
  rds rep dop_mps:16 amb_mps:16 frq_mhz:16
130 comp srl srr sam prl pam rpd apd
  srl fix srl_deg:8*45/1024
  srr fix srr:8
  sam fix sam_dbm:8s
  prl fix prl_deg:8*45/1024
  pam fix pam_dbm:8s
  rpd fix rpd_nm:8s*1/256
  apd fix apd_deg:8s*45/2048
140 fix tod_s:24*1/128@tod
161 fix -:4 trn:12@track
170 ext cnf:1 rad:2 dou:1 mah:1 cdm:2 | tre:1 gho:1 sup:1 tcc:1 -:3
200 fix gsp_nmps:16*1/16384@speed hdg_deg:16*45/8192@course
210 fix sigx_nm:8*1/128 sigy_nm:8*1/128 sigv_nmps:8*1/16384 sigh_deg:8*45/512
220 fix address:24=hex@address
230 fix com:3 stat:3 si:1 -:1 mssc:1 arc:1 aic:1 b1a:1 b1b:4
240 fix callsign:48=ia5@callsign
250 rep mbdata:56=hex bds1:4 bds2:4
260 fix acas:56=hex
RE exp
SP exp
`

const layout065 = `
edition 1.6 2023-03-21
uap 010 000 015 030 020 040 050 - - - - - RE SP
must 010 000 015
000 fix type:8@type
010 fix sac:8@sac sic:8@sic
015 fix service:8
020 fix batch:8
030 fix tod_s:24*1/128@tod
040 fix nogo:2 ovl:1 tsv:1 pss:2 sttn:1 -:1
050 fix report:8
RE exp
SP exp
`
