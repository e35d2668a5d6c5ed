# Writes the tables of R's package `datasets` that the bench uses, as CSV: Rscript export.R (in this folder).

save <- function(name, table) {
  table <- as.data.frame(table)
  table <- table[sapply(table, is.numeric)]
  table <- table[complete.cases(table), , drop = FALSE]
  write.csv(table, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
}
column <- function(name, values) save(name, setNames(data.frame(as.numeric(values)), name))

for (name in c("airquality", "attenu", "attitude", "ChickWeight", "chickwts", "freeny", "infert",
               "LifeCycleSavings", "morley", "mtcars", "quakes", "randu", "rock", "stackloss", "swiss", "Theoph",
               "trees", "USArrests", "USJudgeRatings"))
  save(name, get(name))
for (name in c("co2", "LakeHuron", "rivers", "treering")) column(name, get(name))
save("beavers", rbind(beaver1, beaver2)[c("time", "temp")])
save("bjsales", data.frame(sales = as.numeric(BJsales), lead = as.numeric(BJsales.lead)))
save("lynx", data.frame(now = head(c(lynx), -1), after = tail(c(lynx), -1)))
save("eurostocks", 100 * diff(log(as.matrix(EuStockMarkets))))
save("seatbelts", as.matrix(Seatbelts))
save("state", state.x77)
save("volcano", data.frame(x = c(row(volcano)), y = c(col(volcano)), height = c(volcano)))
persons <- as.data.frame(crimtab, stringsAsFactors = FALSE)
persons <- persons[rep(seq_len(nrow(persons)), persons$Freq), 1:2]
save("crimtab", data.frame(finger = as.numeric(persons[[1]]), height = as.numeric(persons[[2]])))
