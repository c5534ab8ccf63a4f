package pledge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	yaml "go.yaml.in/yaml/v3"

	"github.com/trucewatch/truce"
)

// Bounds of an account as YAML: a thousand promises with their histories take about 2 MB.
const (
	MaxYAMLBytes = 16 << 20
	maxYAMLDepth = 12
)

// ReadCommitments reads a list of commitments as YAML, in the fields of truce.Commitment.
// One that cannot be used is given back with its line and the reason; the others stand.
func ReadCommitments(src io.Reader) ([]truce.Commitment, []Rejected, error) {
	return readList(src, func(c *truce.Commitment) (string, error) { return c.ID, Validate(*c) })
}

// ReadRequirements reads a list of requirements as YAML, in the fields of truce.Requirement.
func ReadRequirements(src io.Reader) ([]truce.Requirement, []Rejected, error) {
	return readList(src, func(r *truce.Requirement) (string, error) {
		r.Unit = Unit(r.Unit)
		return needID(*r), ValidateRequirement(*r)
	})
}

// needID tells needs apart: one thing may be needed in two periods.
func needID(r truce.Requirement) string {
	id := r.To + " " + r.Capability + " " + r.Unit
	if r.Period.From != 0 || r.Period.To != 0 {
		from, to := r.Period.Days()
		id += fmt.Sprintf(" from %s to %s", from, to)
	}
	return id
}

func readList[T any](src io.Reader, check func(*T) (id string, err error)) ([]T, []Rejected, error) {
	items, err := readItems(src)
	if err != nil {
		return nil, nil, err
	}
	var list []T
	var rejected []Rejected
	first := map[string]int{}
	for _, n := range items {
		v, err := decode[T](n)
		var id string
		if err == nil {
			id, err = check(&v)
		}
		if line := first[id]; err == nil && line > 0 {
			err = truce.Errorf(truce.CodeInvalid, "%s stands in line %d already: keep one", id, line)
		}
		if err != nil {
			raw, _ := yaml.Marshal(n)
			rejected = append(rejected, Rejected{n.Line, err.Error(), string(raw)})
			continue
		}
		first[id] = n.Line
		list = append(list, v)
	}
	return list, rejected, nil
}

func readItems(src io.Reader) ([]*yaml.Node, error) {
	data, err := io.ReadAll(io.LimitReader(src, MaxYAMLBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxYAMLBytes {
		return nil, truce.Errorf(truce.CodeTooLarge, "the file is over %d MB: part it", MaxYAMLBytes>>20)
	}
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, truce.Errorf(truce.CodeInvalid, "the file is empty: it holds a list, each entry begins with - id:")
		}
		return nil, truce.Errorf(truce.CodeInvalid, "not YAML: %v (indent with spaces; quote text that holds a colon)", err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.SequenceNode {
		return nil, truce.Errorf(truce.CodeInvalid, "line 1: want a list, each entry begins with - id:")
	}
	return doc.Content[0].Content, nil
}

// decode reads an entry into a type by its JSON fields, unknown ones refused.
func decode[T any](n *yaml.Node) (v T, err error) {
	var text bytes.Buffer
	if err := writeJSON(&text, n, 1); err != nil {
		return v, err
	}
	dec := json.NewDecoder(&text)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return v, truce.Errorf(truce.CodeInvalid, "%s is %s, want %s", wrong.Field, wrong.Value, wrong.Type.Kind())
		}
		return v, truce.Errorf(truce.CodeInvalid, "%s", bytes.TrimPrefix([]byte(err.Error()), []byte("json: ")))
	}
	return v, nil
}

// writeJSON turns a value into JSON. Dates stay the text they are; names given twice,
// aliases and what is nested too deep are refused.
func writeJSON(dst *bytes.Buffer, n *yaml.Node, depth int) error {
	if depth > maxYAMLDepth {
		return truce.Errorf(truce.CodeInvalid, "line %d: nested over %d deep", n.Line, maxYAMLDepth)
	}
	switch n.Kind {
	case yaml.ScalarNode:
		return writeScalar(dst, n)
	case yaml.SequenceNode:
		dst.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				dst.WriteByte(',')
			}
			if err := writeJSON(dst, item, depth+1); err != nil {
				return err
			}
		}
		dst.WriteByte(']')
		return nil
	case yaml.MappingNode:
		return writeObject(dst, n, depth)
	}
	return truce.Errorf(truce.CodeInvalid, "line %d: aliases are refused: write the value out", n.Line)
}

func writeObject(dst *bytes.Buffer, n *yaml.Node, depth int) error {
	seen := map[string]bool{}
	dst.WriteByte('{')
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if seen[key] {
			return truce.Errorf(truce.CodeInvalid, "line %d: %.60s stands twice: keep one", n.Content[i].Line, key)
		}
		if seen[key] = true; i > 0 {
			dst.WriteByte(',')
		}
		name, err := json.Marshal(key)
		if err != nil {
			return err
		}
		dst.Write(name)
		dst.WriteByte(':')
		if err := writeJSON(dst, n.Content[i+1], depth+1); err != nil {
			return err
		}
	}
	dst.WriteByte('}')
	return nil
}

func writeScalar(dst *bytes.Buffer, n *yaml.Node) error {
	if len(n.Value) > MaxText {
		return truce.Errorf(truce.CodeInvalid, "line %d: a text of %d bytes, the bound is %d", n.Line, len(n.Value), MaxText)
	}
	switch n.Tag {
	case "!!bool":
		b, err := strconv.ParseBool(n.Value)
		fmt.Fprint(dst, b)
		return err
	case "!!int", "!!float":
		v, err := strconv.ParseFloat(n.Value, 64)
		if err != nil {
			return truce.Errorf(truce.CodeInvalid, "line %d: %.40q: write the number in digits", n.Line, n.Value)
		}
		text, err := json.Marshal(v)
		dst.Write(text)
		return err
	case "!!null":
		dst.WriteString("null")
		return nil
	}
	text, err := json.Marshal(n.Value)
	dst.Write(text)
	return err
}
