-- Posts the same body again and again: wrk … -s post.lua -- FILE
function init(args)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = io.open(args[1]):read("*a")
end
