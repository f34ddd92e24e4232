var factcheckShards = [{"name":"fa-2026","lang":"fa","year":"2026"},{"name":"en-2026","lang":"en","year":"2026"},{"name":"ar-2026","lang":"ar","year":"2026"}];
