/**
 * Command lines as a new user types them, in this order (later ones use the models of earlier ones), and what must be said.
 *
 *   exit     the exit code; 0 if not given
 *   says     what standard output or standard error must contain
 *   never    what they must not contain
 *   writes   the files that the line may write
 */

export const COMMANDS = [
  { line: 'parallel-gmm --help', says: /fit measurements\.csv/ },
  { line: 'parallel-gmm', exit: 2, says: /which command/ },
  { line: 'parallel-gmm fit faithful.csv -k 2', says: [/272 rows, 2 columns/, /-1130\.26/] },
  {
    line: 'parallel-gmm select faithful.csv --model faithful.json',
    says: [/2314\.29/, /tied/],
    writes: ['faithful.json'],
  },
  { line: 'parallel-gmm select faithful.csv -k 1-2 --covariance full', says: [/2322\.19/, /largest/] },
  { line: 'parallel-gmm predict faithful.json faithful.csv | head -3', says: /label,p0,p1,p2/ },
  {
    line: 'parallel-gmm predict faithful.json faithful.csv -o faithful.csv',
    exit: 2,
    says: [/faithful\.csv/, /input/],
  },
  { line: 'parallel-gmm fit faithful.csv -k 2 --model faithful.csv', exit: 2, says: /faithful\.csv/ },
  {
    line: 'ln -s iris.csv link.csv && parallel-gmm fit iris.csv -k 2 --model link.csv; code=$?; rm link.csv; exit $code',
    exit: 2,
    says: /link\.csv/,
  },
  { line: "parallel-gmm fit 'iri*.csv' -k 2 --report iris.csv", exit: 2 },
  {
    line: 'parallel-gmm fit iris.csv -k 3 --model iris.json',
    says: [/-180\.18/, /species/, /4 columns/],
    writes: ['iris.json'],
  },
  {
    line: 'parallel-gmm predict iris.json iris.csv -o iris-labels.csv --keep species',
    says: /150 rows/,
    writes: ['iris-labels.csv'],
  },
  { line: 'parallel-gmm fit iris-labels.csv -k 2', exit: 1, says: /label/ },
  { line: 'parallel-gmm sample iris.json -n 300 -o drawn.csv --seed 4', writes: ['drawn.csv'] },
  { line: 'parallel-gmm fit drawn.csv -k 3', says: [/4 columns/, /label/] },
  { line: 'parallel-gmm fit iris.csv -k 3 --columns "petal_length, petal_width"', says: /2 columns/ },
  { line: 'parallel-gmm fit iris.csv drawn.csv -k 3', exit: 1, says: /drawn\.csv/ },
  { line: 'parallel-gmm fit faithful.csv faithful.csv -k 2', says: /544 rows/ },
  { line: 'parallel-gmm fit mtcars.csv -k 2 --columns mpg,wt', says: /32 rows, 2 columns/ },
  { line: 'parallel-gmm fit mtcars.csv -k 2 --covariance diag', says: [/vs/, /am/] },
  {
    line: 'parallel-gmm fit mtcars-semicolon.csv -k 2 --columns mpg,wt --json | cut -c1-400',
    says: /"columns":\["mpg","wt"\]/,
  },
  {
    line: 'parallel-gmm fit mtcars-semicolon.csv -k 2 --columns mpg,wt',
    says: [/32 rows, 2 columns/, /decimal comma/],
  },
  {
    line: 'parallel-gmm fit mtcars-spaces.txt -k 2 --columns mpg,wt',
    says: [/32 rows, 2 columns/, /row names/],
  },
  {
    line: 'parallel-gmm fit airquality.csv -k 2',
    exit: 1,
    says: [/Ozone/, /37/, /Solar\.R/, /7/, /--columns/, /--sql/],
  },
  { line: 'parallel-gmm fit airquality.csv -k 2 --columns Wind,Temp', says: /153 rows, 2 columns/ },
  {
    line: `parallel-gmm fit airquality.csv -k 2 --sql "select Wind, Temp, try_cast(Ozone as double) as Ozone from input where try_cast(Ozone as double) is not null"`,
    says: /116 rows, 3 columns/,
  },
  { line: 'parallel-gmm select quakes.tsv -k 1..4 --columns lat,long', says: /1000 rows, 2 columns/ },
  {
    line: 'parallel-gmm select precip.csv',
    says: /70 rows, 1 column/,
    never: /^[ *]+\d+ +(diag|spherical)/m,
  },
  { line: 'parallel-gmm fit swiss.csv -k 2 --covariance tied', says: /47 rows, 6 columns/ },
  { line: 'parallel-gmm select states.csv -k 1..3 --covariance tied,diag', says: /50 rows, 8 columns/ },
  { line: 'parallel-gmm fit usarrests.csv -k 2', says: /50 rows, 4 columns/ },
  { line: 'parallel-gmm fit chickwts.csv -k 2', says: /71 rows, 1 column/ },
  { line: 'parallel-gmm fit infert.csv -k 2 --covariance spherical', says: /stratum/ },
  { line: 'parallel-gmm fit esoph.csv -k 2 --columns agegp', exit: 1, says: /agegp/ },
  { line: 'parallel-gmm fit seattle-weather.csv -k 2 --covariance tied', says: /1461 rows, 4 columns/ },
  { line: 'parallel-gmm fit zipcodes.csv -k 5 --columns latitude,longitude --n-init 3', says: /2 columns/ },
  { line: 'parallel-gmm fit zipcodes.csv -k 2 --covariance tied --n-init 1', says: /zip_code/ },
  { line: 'parallel-gmm fit airports.csv -k 4 --columns latitude,longitude', says: /2 columns/ },
  { line: 'parallel-gmm fit birdstrikes.csv -k 2', exit: 1, says: /Speed IAS/ },
  { line: 'parallel-gmm fit unemployment.tsv -k 2 --columns rate', says: /1 column/ },
  {
    line: 'parallel-gmm fit gapminder-health-income.csv -k 3 --sql "select ln(income) as income, health from input"',
    says: /2 columns/,
  },
  { line: 'parallel-gmm fit co2-concentration.csv -k 2', says: /Date/ },
  { line: 'parallel-gmm fit penguins.json -k 3', exit: 1, says: [/Beak Length/, /--sql/] },
  {
    line: 'cat penguins.json | parallel-gmm fit - -k 3 --sql "select \\"Beak Length (mm)\\" as l, \\"Body Mass (g)\\" as m from input where l is not null"',
    says: /342 rows, 2 columns/,
  },
  { line: 'gzip -c quakes.tsv | parallel-gmm fit - -k 2 --columns lat,long', says: /1000 rows, 2 columns/ },
  { line: 'parallel-gmm report faithful.json faithful.csv -o faithful.html', writes: ['faithful.html'] },
  { line: 'parallel-gmm report iris.json iris.csv -o iris.png', writes: ['iris.png'] },
  { line: 'parallel-gmm predict faithful.json faithful.html -o x.csv', exit: 1 },
  { line: 'parallel-gmm predict faithful.json iris.csv -o x.csv', exit: 1, says: /eruptions/ },
  { line: 'parallel-gmm fit nowhere.csv -k 2', exit: 1, says: /no such file/ },
  { line: 'parallel-gmm fit faithful.csv -k 0', exit: 2, says: /-k must be/ },
  { line: 'parallel-gmm fit faithful.csv -k 2 --n-init 1e9', exit: 2, says: /--n-init/ },
  {
    line: `parallel-gmm fit faithful.csv -k 2 --sql "copy input to 'stolen.csv'"`,
    exit: 2,
    says: /stolen/,
    writes: [],
  },
  {
    line: `parallel-gmm fit faithful.csv -k 2 --sql "select * from 'iris.csv'"`,
    exit: 2,
  },
];
