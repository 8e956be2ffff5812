"""Papers (tham luận): the call, the versions sent, the decisions. A paper is one row from the call to the proceedings."""
