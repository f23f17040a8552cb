package gate

// A Change is a verdict that another policy makes another.
type Change struct{ Gate, Subject, Before, After string } // a verdict; empty: nothing is judged

// Changes is the verdicts in which two judgements of one month differ, the worst of the second first.
func Changes(before, after Judgement) []Change {
	type subject struct{ gate, subject string }
	was := map[subject]string{}
	for _, v := range before.Verdicts {
		was[subject{v.Gate, v.Subject}] = v.Verdict
	}
	var all []Change
	for _, v := range after.Verdicts {
		key := subject{v.Gate, v.Subject}
		if was[key] != v.Verdict {
			all = append(all, Change{v.Gate, v.Subject, was[key], v.Verdict})
		}
		delete(was, key)
	}
	for _, v := range before.Verdicts {
		if verdict, gone := was[subject{v.Gate, v.Subject}]; gone {
			all = append(all, Change{v.Gate, v.Subject, verdict, ""})
		}
	}
	return all
}
