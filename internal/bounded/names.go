package bounded

import (
	"encoding/json"
	"fmt"
)

// frame is one open array or object of a value being checked.
type frame struct {
	object bool
	name   bool            // the next string is a name
	names  map[string]bool // of the object
}

// checkValue walks JSON known to be well formed once, looking at nesting and names only.
func checkValue(doc []byte, lim JSONLimits, depth int) error {
	var stack []frame
	for i := 0; i < len(doc); i++ {
		switch doc[i] {
		case '{', '[':
			if depth+len(stack) == lim.Depth {
				return over("the nesting of arrays and objects", lim.Depth)
			}
			object := doc[i] == '{'
			stack = append(stack, frame{object: object, name: object})
		case '}', ']':
			stack = stack[:len(stack)-1]
		case ',':
			top := &stack[len(stack)-1]
			top.name = top.object
		case '"':
			end := stringEnd(doc, i)
			if len(stack) > 0 && stack[len(stack)-1].name {
				if err := stack[len(stack)-1].add(doc[i:end], lim.Names); err != nil {
					return err
				}
			}
			i = end - 1
		}
	}
	return nil
}

// stringEnd is the index behind the string that begins at i.
func stringEnd(doc []byte, i int) int {
	for i++; doc[i] != '"'; i++ {
		if doc[i] == '\\' {
			i++
		}
	}
	return i + 1
}

func (f *frame) add(quoted []byte, limit int) error {
	var name string
	if err := json.Unmarshal(quoted, &name); err != nil {
		return &SyntaxError{Line: 1, Reason: err.Error()}
	}
	if f.names[name] {
		return &SyntaxError{Line: 1, Reason: fmt.Sprintf("the name %.40q stands twice in one object", name)}
	}
	if len(f.names) == limit {
		return over("the number of names in one object", limit)
	}
	if f.names == nil {
		f.names = map[string]bool{}
	}
	f.names[name] = true
	f.name = false
	return nil
}
