//! Finds the endpoint of a method and a path.

use std::collections::HashMap;

use super::endpoint::Endpoint;
use super::request::Method;

#[derive(Default)]
struct Node {
    literals: HashMap<&'static str, Node>,
    parameter: Option<Box<(&'static str, Node)>>,
    /// Indices into the table.
    endpoints: Vec<usize>,
}

/// The route table, ready to be asked.
pub struct Router {
    endpoints: Vec<Endpoint>,
    root: Node,
}

/// What a path leads to.
pub enum Found<'a> {
    Endpoint {
        index: usize,
        endpoint: &'a Endpoint,
        params: Vec<(String, String)>,
    },
    /// The path exists, the method does not; the value of `Allow`.
    OtherMethods(String),
    Nothing,
}

impl Router {
    /// # Panics
    /// When two endpoints share a name, or a method and a path: a fault of the table.
    pub fn new(endpoints: Vec<Endpoint>) -> Router {
        let mut root = Node::default();
        for (index, endpoint) in endpoints.iter().enumerate() {
            let twin = endpoints[..index]
                .iter()
                .any(|e| e.name == endpoint.name || (e.method == endpoint.method && e.pattern == endpoint.pattern));
            assert!(!twin, "{} stands twice in the route table", endpoint.name);
            insert(&mut root, endpoint.pattern, index);
        }
        Router { endpoints, root }
    }

    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    pub fn find(&self, method: Method, path: &str) -> Found<'_> {
        let mut params = Vec::new();
        let mut node = &self.root;
        for segment in path.trim_start_matches('/').split('/') {
            if let Some(next) = node.literals.get(segment) {
                node = next;
            } else if let (Some(parameter), false) = (&node.parameter, segment.is_empty()) {
                params.push((parameter.0.to_owned(), segment.to_owned()));
                node = &parameter.1;
            } else {
                return Found::Nothing;
            }
        }
        if node.endpoints.is_empty() {
            return Found::Nothing;
        }
        let wanted = if method == Method::Head { Method::Get } else { method };
        match node.endpoints.iter().find(|i| self.endpoints[**i].method == wanted) {
            Some(&index) => Found::Endpoint { index, endpoint: &self.endpoints[index], params },
            None => Found::OtherMethods(self.allowed(node)),
        }
    }

    fn allowed(&self, node: &Node) -> String {
        let mut methods: Vec<&str> = node.endpoints.iter().map(|i| self.endpoints[*i].method.as_str()).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.sort_unstable();
        methods.join(", ")
    }
}

fn insert(root: &mut Node, pattern: &'static str, index: usize) {
    let mut node = root;
    for segment in pattern.trim_start_matches('/').split('/') {
        node = match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            Some(name) => {
                let parameter = node.parameter.get_or_insert_with(|| Box::new((name, Node::default())));
                assert_eq!(parameter.0, name, "two names for one parameter in {pattern}");
                &mut parameter.1
            }
            None => node.literals.entry(segment).or_default(),
        };
    }
    node.endpoints.push(index);
}
