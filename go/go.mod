module tapeline.dev/tapeline

go 1.26
