package publish

// Label is the name of a thing that the bulletins print, such as act.sniper, window.repair
// or unit.flight, in its form for many of it; "" when they have none.
func Label(lang, key string) string {
	c, err := catalogueOf(lang)
	if err != nil {
		return ""
	}
	return c[key][otherForm]
}
