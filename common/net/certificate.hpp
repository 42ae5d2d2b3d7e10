#pragma once

#include <openssl/types.h>

#include <optional>
#include <string>

#include "common/protocol/node_set.hpp"

namespace fedgram::net {

/// A certificate names the nodes that its holder may host by URIs in the subjectAltName, one for each range, as in
/// "fedgram:nodes:0-4". This gives them in the form of OpenSSL's configuration:
/// "URI:fedgram:nodes:0-4,URI:fedgram:nodes:7".
[[nodiscard]] std::string node_names(const protocol::NodeSet& nodes);

/// The nodes that a certificate names. Empty when it names none, or in another form.
[[nodiscard]] protocol::NodeSet named_nodes(const X509* certificate);

}  // namespace fedgram::net
