module peerage.dev/cluster/images

go 1.24.0
