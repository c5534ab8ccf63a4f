package track

// height is an altitude and how fast it changes, with their covariance.
type height struct {
	known      bool
	z, c       float64 // m, m/s
	zz, zc, cc float64
}

// What is taken of climbs: 15 m/s at first, and what they change by, m2/s3.
const (
	firstClimb  = 15.0
	climbNoise  = 1.0
	heightGate2 = 25 // sigmas squared beyond which an altitude is not believed
)

// predict moves on for dt seconds.
func (h *height) predict(dt float64) {
	h.z += dt * h.c
	h.zz += dt*(2*h.zc+dt*h.cc) + climbNoise*dt*dt*dt/3
	h.zc += dt*h.cc + climbNoise*dt*dt/2
	h.cc += climbNoise * dt
}

// take is Kalman's update with an altitude of the variance r.
func (h *height) take(z, r float64) {
	if !h.known {
		*h = height{known: true, z: z, zz: r, cc: firstClimb * firstClimb}
		return
	}
	s, d := h.zz+r, z-h.z
	if d*d > heightGate2*s {
		h.zz += r // it may be the track that is wrong
		return
	}
	kz, kc := h.zz/s, h.zc/s
	h.z += kz * d
	h.c += kc * d
	h.cc -= kc * h.zc
	h.zc -= kz * h.zc
	h.zz -= kz * h.zz
}
