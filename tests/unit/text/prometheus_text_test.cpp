#include "common/text/prometheus_text.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace fedgram::text;

TEST_CASE("Metrics have a heading each, and a line for each value")
{
    PrometheusText text;
    text.counter("answers_total", "Answers.").add({}, 3);
    auto state = text.gauge("state", "1 for the state.");
    state.add({{"name", "a \"b\" \\ c\nd"}, {"kind", "x"}}, 0.5);
    state.add({}, std::numeric_limits<double>::infinity());
    state.add({}, std::numeric_limits<double>::quiet_NaN());
    CHECK(text.text() ==
          "# HELP answers_total Answers.\n# TYPE answers_total counter\nanswers_total 3\n"
          "# HELP state 1 for the state.\n# TYPE state gauge\n"
          "state{name=\"a \\\"b\\\" \\\\ c\\nd\",kind=\"x\"} 0.5\nstate +Inf\nstate NaN\n");
}
