# ENV["IN_A_COMMENT"]
=begin
ENV["IN_A_BLOCK"]
=end
a = ENV["PLAIN"] # reads: PLAIN
b = ENV["WITH_DEFAULT"] || "x" # reads: WITH_DEFAULT=x
c = ENV.fetch("DEMANDED") # reads: DEMANDED!
d = ENV.fetch("FETCHED", 3) # reads: FETCHED=3
e = ENV.fetch("IN_BLOCK") { compute } # reads: IN_BLOCK?
f = "#{ENV["INTERPOLATED"]} ENV['NOT_HERE']" # reads: INTERPOLATED
ENV["WRITTEN"] = "1"
g = 'ENV["QUOTED"]'
h = ENV.key?("ASKED") # reads: ASKED?
