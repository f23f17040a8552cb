package journal

import "testing"

func TestAccounts(t *testing.T) {
	known, unknown := part{useCase: "doc-search", costCenter: "CC-410", team: "search"}, part{}
	for _, test := range []struct {
		accounts           Accounts
		part               part
		provider           string
		expense, reference string
	}{
		{Accounts{}, known, "openai", "expenses:ai", "CC-410"},
		{Accounts{}, unknown, "openai", "expenses:ai:unattributed", ""},
		{Accounts{Expense: "6420"}, known, "openai", "6420", "CC-410"},
		{Accounts{Expense: "6420", Unattributed: "6499 {provider}"}, unknown, "openai", "6499 openai", ""},
		{Accounts{Expense: "e:{provider}:{team}:x:{use_case}"}, known, "openai", "e:openai:search:x:doc-search", "CC-410"},
		{Accounts{Expense: "e:{provider}:{team}:x:{use_case}"}, unknown, "openai", "e:openai:unattributed", ""},
		{Accounts{Expense: "{cost_center}:ai"}, unknown, "openai", "unattributed", ""},
		{Accounts{Expense: "e:{cost_center}"}, part{useCase: "x"}, "openai", "e:none", ""},
		{Accounts{Expense: "e:{cost_center}", CostCenters: map[string]string{"CC-410": "410"}}, known, "openai", "e:410", "410"},
		{Accounts{Expense: "e:{cost_center}", CostCenters: map[string]string{"CC-410": "own:search"}}, known, "openai", "own:search", "CC-410"},
		{Accounts{Expense: "e:{cost_center}", CostCenters: map[string]string{"": "0000"}}, part{useCase: "x"}, "openai", "e:0000", "0000"},
		{Accounts{Expense: "e:{use_case}:{provider}"}, part{useCase: "{provider}"}, "x", "e:provider:x", ""},
		{Accounts{Expense: "e:{provider}"}, known, " a  b;c:d\t(e) =1\n", "e:a b-c-d -e- -1", "CC-410"},
		{Accounts{Expense: "e:{provider}"}, known, "*!", "e:none", "CC-410"},
		{Accounts{Expense: "e:{provider}"}, known, "Café 客户 R&D/1", "e:Café 客户 R&D/1", "CC-410"},
	} {
		if err := test.accounts.Check(); err != nil {
			t.Error(err)
		}
		l := test.accounts.line(test.provider, test.part)
		if l.Account != test.expense || l.CostCenter != test.reference {
			t.Errorf("%+v of %+v: account %q, cost centre %q", test.part, test.accounts, l.Account, l.CostCenter)
		}
	}
	for payable, want := range map[string]string{"": "liabilities:payable:a-b", "3300": "3300", "ap:{provider}:ai": "ap:a-b:ai"} {
		a := Accounts{Payable: payable, Payables: map[string]string{"openai": "70001"}}
		if got := a.payable("openai"); got != "70001" {
			t.Errorf("what is payable to openai is %q", got)
		}
		if got := a.payable("a:b"); got != want {
			t.Errorf("payable %q is %q, not %q", payable, got, want)
		}
	}
}

func TestAccountsCheck(t *testing.T) {
	for _, test := range []struct {
		accounts Accounts
		want     string
	}{
		{Accounts{Expense: "e:{costcenter}"}, `journal: expense: "e:{costcenter}": nothing stands for {costcenter}; there is {cost_center}, {team}, {use_case}, {provider}`},
		{Accounts{Payable: "l:{team}"}, `journal: payable: "l:{team}": nothing stands for {team}; there is {provider}`},
		{Accounts{Unattributed: "{use_case}"}, `journal: unattributed: "{use_case}": nothing stands for {use_case}; there is {provider}`},
		{Accounts{Expense: "e:"}, `journal: expense: "e:" is no account: "" is no part of a name`},
		{Accounts{Expense: "e  x:y"}, `journal: expense: "e  x:y" is no account: "e  x" is no part of a name`},
		{Accounts{Payable: "(l):{provider}"}, `journal: payable: "(l):{provider}" is no account: "(l)" is no part of a name`},
		{Accounts{Expense: "e:{team"}, `journal: expense: "e:{team" is no account: "{team" is no part of a name`},
		{Accounts{CostCenters: map[string]string{"CC-1": "a;b"}}, `journal: cost_centers: CC-1: "a;b" is no account: "a;b" is no part of a name`},
		{Accounts{CostCenters: map[string]string{"CC-1": "{team}"}}, `journal: cost_centers: CC-1: "{team}": nothing stands for {team}`},
		{Accounts{CostCenters: map[string]string{"CC-1": ""}}, `journal: cost_centers: CC-1: has no name`},
		{Accounts{Tax: "{team}"}, `journal: tax: "{team}": nothing stands for {team}; there is {provider}`},
		{Accounts{Payables: map[string]string{"openai": ""}}, `journal: payables: openai: has no name`},
		{Accounts{Payables: map[string]string{"openai": "l:{provider}"}}, `journal: payables: openai: "l:{provider}": nothing stands for {provider}`},
		{Accounts{Payables: map[string]string{"OpenAI": "70001"}}, `journal: payables: OpenAI: is no provider as reports name them; did you mean "openai"?`},
	} {
		if err := test.accounts.Check(); err == nil || err.Error() != test.want {
			t.Errorf("%+v: error %v, want %s", test.accounts, err, test.want)
		}
	}
}

func TestCheckNames(t *testing.T) {
	centers := []string{"CC-420", "", "CC-410", "CC-420"}
	for key, want := range map[string]string{
		"CC-420": "",
		"":       "", // what has none
		"CC-421": `journal: cost_centers: no use case has the cost centre "CC-421"; did you mean "CC-420"?`,
		"cc-410": `journal: cost_centers: no use case has the cost centre "cc-410"; did you mean "CC-410"?`,
		"9999":   `journal: cost_centers: no use case has the cost centre "9999"; there is CC-410, CC-420`,
	} {
		got := ""
		if err := (Accounts{CostCenters: map[string]string{"CC-410": "K-0", key: "K-1"}}).CheckNames(centers); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: error %q, want %q", key, got, want)
		}
	}
}
