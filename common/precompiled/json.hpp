#pragma once

#include "common/precompiled/standard.hpp"

// The header defines the literal "..."_json as an inline function that parses, and so every source would instantiate
// the parser, which takes longer than all else in most of them. Nobody uses the literal: delete it, and keep its body
// as a template that is never instantiated.
#define _json(text, size)          \
    _json(text, size) = delete;    \
    template <class Unused = void> \
    nlohmann::json never_instantiated(text, size)
#include <nlohmann/json.hpp>
#undef _json
