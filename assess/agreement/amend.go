package agreement

import (
	"slices"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// Amend gives the files of an agreement with an amendment laid over agreement.yaml. The
// amendment has the same form: a field replaces the one it names, an entry of a list with
// an id changes the entry of that id field by field or is added, and remove names entries
// to drop: {remove: {rules: [R02]}}. The files themselves stay as they are.
func Amend(files []truce.AgreementFile, name string, amendment []byte) ([]truce.AgreementFile, error) {
	i := slices.IndexFunc(files, func(f truce.AgreementFile) bool { return f.Name == MainFile })
	if i < 0 {
		return nil, truce.Errorf(truce.CodeInvalid, "agreement: the directory has no %s", MainFile)
	}
	base, over := reader{file: MainFile}, reader{file: name}
	root, change := base.load(files[i].Data), over.load(amendment)
	if root == nil || change == nil || root.Kind != yaml.MappingNode || change.Kind != yaml.MappingNode {
		over.problems = append(over.problems, base.problems...)
		if len(over.problems) == 0 {
			over.errorf(change, "", "want fields (name: value), as in %s", MainFile)
		}
		return nil, truce.Errorf(truce.CodeInvalid, "%w", &Refusal{over.problems})
	}
	over.remove(root, change)
	over.merge(root, change, "")
	if over.failed() {
		return nil, truce.Errorf(truce.CodeInvalid, "%w", &Refusal{sortProblems(over.problems)})
	}
	text, err := yaml.Marshal(root)
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "%s: cannot be laid over %s: %w", name, MainFile, err)
	}
	out := slices.Clone(files)
	out[i].Data = text
	return out, nil
}

// removeField is the field of an amendment that drops entries.
const removeField = "remove"

// remove drops the entries that the amendment names, and the field that names them.
func (r *reader) remove(root, change *yaml.Node) {
	list := field(change, removeField)
	if list == nil {
		return
	}
	for i := 0; i+1 < len(list.Content); i += 2 {
		section, ids := list.Content[i], list.Content[i+1]
		entries := field(root, section.Value)
		if entries == nil || entries.Kind != yaml.SequenceNode {
			r.errorf(section, removeField, "the agreement has no list %q", cut(section.Value))
			continue
		}
		for _, id := range r.list(ids, removeField) {
			before := len(entries.Content)
			entries.Content = slices.DeleteFunc(entries.Content, func(n *yaml.Node) bool { return idOf(n) == id.Value })
			if len(entries.Content) == before {
				r.errorf(id, removeField+"."+section.Value, "the agreement has no entry %q there", cut(id.Value))
			}
		}
	}
	for i := 0; i+1 < len(change.Content); i += 2 {
		if change.Content[i].Value == removeField {
			change.Content = slices.Delete(change.Content, i, i+2)
			return
		}
	}
}

func idOf(n *yaml.Node) string {
	if id := field(n, "id"); id != nil {
		return id.Value
	}
	return ""
}

// merge lays one mapping over another.
func (r *reader) merge(base, change *yaml.Node, path string) {
	for i := 0; i+1 < len(change.Content); i += 2 {
		key, value := change.Content[i], change.Content[i+1]
		old := field(base, key.Value)
		at := key.Value
		if path != "" {
			at = path + "." + key.Value
		}
		switch {
		case old == nil:
			base.Content = append(base.Content, key, value)
		case old.Kind == yaml.MappingNode && value.Kind == yaml.MappingNode:
			r.merge(old, value, at)
		case old.Kind == yaml.SequenceNode && value.Kind == yaml.SequenceNode && hasIDs(value):
			r.mergeEntries(old, value, at)
		default:
			*old = *value
		}
	}
}

func hasIDs(list *yaml.Node) bool {
	return len(list.Content) > 0 && !slices.ContainsFunc(list.Content, func(n *yaml.Node) bool { return idOf(n) == "" })
}

// mergeEntries changes the entries of a list by their ids.
func (r *reader) mergeEntries(base, change *yaml.Node, path string) {
	for _, entry := range change.Content {
		i := slices.IndexFunc(base.Content, func(n *yaml.Node) bool { return idOf(n) == idOf(entry) })
		if i < 0 {
			base.Content = append(base.Content, entry)
			continue
		}
		for j := 0; j+1 < len(entry.Content); j += 2 {
			key, value := entry.Content[j], entry.Content[j+1]
			if old := field(base.Content[i], key.Value); old != nil {
				*old = *value // a field of an entry is replaced whole: half a place would be another place
			} else {
				base.Content[i].Content = append(base.Content[i].Content, key, value)
			}
		}
	}
}
