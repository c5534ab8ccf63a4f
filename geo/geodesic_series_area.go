package geo

// areaCosinesInN is C4 (Karney 2013, eq. 63), the area integral I4 as a sum of
// C4[l] cos((2l+1) sigma): per l a row for each power of eps, in it a polynomial in n.
var areaCosinesInN = [6]seriesInN{
	{
		{2. / 3, -4. / 15, 8. / 105, 4. / 315, 16. / 3465, 20. / 9009},
		{-1. / 5, 16. / 35, -32. / 105, 16. / 385, 64. / 15015},
		{-2. / 105, -32. / 315, 1088. / 3465, -1184. / 5005},
		{11. / 315, -368. / 3465, -32. / 6435},
		{4. / 1155, 1088. / 45045},
		{97. / 15015},
	},
	{
		{},
		{1. / 45, -16. / 315, 32. / 945, -16. / 3465, -64. / 135135},
		{-2. / 105, 64. / 945, -128. / 1485, 1984. / 45045},
		{-1. / 105, 16. / 2079, 5792. / 135135},
		{4. / 1155, -2944. / 135135},
		{1. / 9009},
	},
	{
		{},
		{},
		{4. / 525, -32. / 1575, 64. / 3465, -32. / 5005},
		{-8. / 1575, 128. / 5775, -256. / 6825},
		{-8. / 1925, 1856. / 225225},
		{8. / 10725},
	},
	{
		{},
		{},
		{},
		{8. / 2205, -256. / 24255, 512. / 45045},
		{-16. / 8085, 1024. / 105105},
		{-136. / 63063},
	},
	{
		{},
		{},
		{},
		{},
		{64. / 31185, -512. / 81081},
		{-128. / 135135},
	},
	{
		{},
		{},
		{},
		{},
		{},
		{128. / 99099},
	},
}

// areaCosines is C4 with WGS84's n put in: per l a polynomial in eps.
var areaCosines = [6][6]float64{
	areaCosinesInN[0].with(thirdFlattening), areaCosinesInN[1].with(thirdFlattening),
	areaCosinesInN[2].with(thirdFlattening), areaCosinesInN[3].with(thirdFlattening),
	areaCosinesInN[4].with(thirdFlattening), areaCosinesInN[5].with(thirdFlattening),
}

// areaCosinesAt is C4 for one geodesic.
func areaCosinesAt(eps float64) (c cosines6) {
	for l := range areaCosines {
		row := &areaCosines[l]
		c[l] = row[0] + eps*(row[1]+eps*(row[2]+eps*(row[3]+eps*(row[4]+eps*row[5]))))
	}
	return c
}
