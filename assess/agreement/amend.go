package agreement

import (
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// Amend gives the files of an agreement with an amendment laid over agreement.yaml. The
// amendment has the same form: a field replaces the one it names, an entry of a list with
// an id changes the entry of that id field by field or is added, and remove names entries
// to drop: {remove: {rules: [R02]}}. Of a rule or a list with several versions an entry
// says which version it changes; one that the agreement has not is added beside the
// others, as the last of them with the fields laid over it. The files themselves stay as
// they are.
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
			entries.Content = slices.DeleteFunc(entries.Content, func(n *yaml.Node) bool {
				return idOf(n) == id.Value || versioned(section.Value) && idOf(n)+"@"+versionOf(n) == id.Value
			})
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

// versioned says whether the entries of a list may stand in several versions.
func versioned(section string) bool { return section == "rules" || section == "lists" }

// versionOf is the version of an entry, as it is read where none is written.
func versionOf(n *yaml.Node) string {
	if version := field(n, "version"); version != nil {
		return version.Value
	}
	return "1"
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
		if i >= 0 && versioned(path) {
			i = r.version(base, entry, path)
		}
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

// version is the place of the version that an entry changes, of those that stand under its
// id. One that does not stand there yet is made of the last of them.
func (r *reader) version(base, entry *yaml.Node, path string) int {
	var own []int
	var names []string
	for i, n := range base.Content {
		if idOf(n) == idOf(entry) {
			own, names = append(own, i), append(names, versionOf(n))
		}
	}
	if field(entry, "version") == nil {
		if len(own) > 1 {
			r.errorf(entry, path, "%s stands in the versions %s: say which of them changes (version: %q)", cut(idOf(entry)), cut(strings.Join(names, ", ")), names[len(names)-1])
		}
		return own[0]
	}
	if k := slices.Index(names, versionOf(entry)); k >= 0 {
		return own[k]
	}
	last := own[len(own)-1]
	base.Content = slices.Insert(base.Content, last+1, copied(base.Content[last]))
	return last + 1
}

// copied is a node that shares nothing with the one it is a copy of.
func copied(n *yaml.Node) *yaml.Node {
	out := *n
	out.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		out.Content[i] = copied(child)
	}
	return &out
}
