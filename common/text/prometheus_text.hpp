#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace fedgram::text {

/// One metric of a PrometheusText: a line for each of its values. Valid until the next metric begins.
class PrometheusMetric {
public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    void add(Labels labels, double value);

private:
    friend class PrometheusText;
    PrometheusMetric(std::string& text, std::string name) : text_{text}, name_{std::move(name)} {}

    std::string& text_;
    std::string name_;
};

/// Writes the text format of Prometheus (Exposition formats, version 0.0.4): each metric with HELP and TYPE.
class PrometheusText {
public:
    [[nodiscard]] PrometheusMetric gauge(const std::string& name, std::string_view help);
    [[nodiscard]] PrometheusMetric counter(const std::string& name, std::string_view help);

    [[nodiscard]] const std::string& text() const { return text_; }

private:
    [[nodiscard]] PrometheusMetric metric(const std::string& name, std::string_view type, std::string_view help);

    std::string text_;
};

}  // namespace fedgram::text
