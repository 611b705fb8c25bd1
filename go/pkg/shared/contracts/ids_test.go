package contracts

import "testing"

// The same vector stands in tests/unit/contracts/test_ids.py.
func TestIdsNeverChangeBetweenReleases(t *testing.T) {
	if got := Derive("demo", "oms", "7", "0"); got != "BXIQPITAOG7KSRKZ4OXTGPIZ" {
		t.Errorf("Derive: %s", got)
	}
	if got, want := Tag("BXIQPITAOG7KSRKZ4OXTGPIZ"), Derive("tag", "BXIQPITAOG7KSRKZ4OXTGPIZ"); got != want[:20] {
		t.Errorf("Tag: %s, want the beginning of %s", got, want)
	}
}

func TestPartsDoNotRunTogether(t *testing.T) {
	ids := map[string]bool{}
	for _, parts := range [][]string{{"ab", "c"}, {"a", "bc"}, {"abc"}, {"a", "b", "c"}} {
		ids[Derive(parts...)] = true
	}
	if len(ids) != 4 {
		t.Errorf("%d ids of 4 lists", len(ids))
	}
}
