#include "common/text/prometheus_text.hpp"

#include <cmath>

#include "common/text/number_text.hpp"

namespace fedgram::text {

namespace {

std::string value_text(double value)
{
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    return shortest(value);
}

/// A label's value, between quotes.
std::string escaped(std::string_view value)
{
    std::string result;
    for (const char letter : value) {
        if (letter == '\\' || letter == '"') result += '\\';
        if (letter == '\n')
            result += "\\n";
        else
            result += letter;
    }
    return result;
}

}  // namespace

void PrometheusMetric::add(Labels labels, double value)
{
    std::string words;
    for (const auto& [name, label] : labels)
        words += (words.empty() ? "{" : ",") + std::string{name} + "=\"" + escaped(label) + "\"";
    text_ += name_ + words + (words.empty() ? " " : "} ") + value_text(value) + "\n";
}

PrometheusMetric PrometheusText::gauge(const std::string& name, std::string_view help)
{
    return metric(name, "gauge", help);
}

PrometheusMetric PrometheusText::counter(const std::string& name, std::string_view help)
{
    return metric(name, "counter", help);
}

PrometheusMetric PrometheusText::metric(const std::string& name, std::string_view type, std::string_view help)
{
    text_ += "# HELP " + name + " " + std::string{help} + "\n# TYPE " + name + " " + std::string{type} + "\n";
    return {text_, name};
}

}  // namespace fedgram::text
